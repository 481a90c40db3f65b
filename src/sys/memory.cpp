// SPDX-License-Identifier: Apache-2.0
#include "sys/memory.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace sigmund::sys {
namespace {

int drop_clean_segments(dl_phdr_info* object, std::size_t, void*) {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const auto& segment = object->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
        const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
        const std::uintptr_t end =
            (object->dlpi_addr + segment.p_vaddr + segment.p_memsz + page - 1) & ~(page - 1);
        // Read-only file pages: dropping them from this process loses nothing (madvise(2), MADV_DONTNEED).
        ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
    return 0;
}

}  // namespace

void give_back_memory() noexcept {
    ::malloc_trim(0);
    ::dl_iterate_phdr(drop_clean_segments, nullptr);
    // The stack grows down: what lies below this frame and the red zone is free. 256 KiB is more than any
    // path here takes; of a range that is mapped in part, the mapped part is dropped (madvise(2), ENOMEM).
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    const std::uintptr_t end = (here - 1024) & ~(page - 1);
    ::madvise(reinterpret_cast<void*>(end - 64 * page), 64 * page, MADV_DONTNEED);
}

}  // namespace sigmund::sys
