// SPDX-License-Identifier: Apache-2.0
#include "sys/memory.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "sys/title.hpp"

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
        // These are read-only file pages: dropping them from this process loses nothing (madvise(2),
        // MADV_DONTNEED).
        ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
    return 0;
}

std::uintptr_t first_stack = 0;
std::uintptr_t old_stack = 0;  // a frame of the old stack; 0: it may be in use
void (*on_the_new)(void*);
void* argument;

void enter() {
    on_the_new(argument);
    ::_exit(125);
}

void drop(std::uintptr_t begin, std::uintptr_t end) {
    // When only a part of the range is mapped, that part is dropped (madvise(2), ENOMEM).
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace

Stack make_stack() noexcept {
    // This is the usual size of a stack (a regular expression may recurse deeply).
    constexpr std::size_t size = 8 * 1024 * 1024;
    void* const begin = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (begin == MAP_FAILED) return {};
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    // Before Linux 6.7, MAP_STACK does not prevent the kernel from backing it with a page of 2 MiB at once.
    ::madvise(begin, size, MADV_NOHUGEPAGE);
    if (::mprotect(begin, page, PROT_NONE) == 0) return {begin, size};
    const int error = errno;
    ::munmap(begin, size);
    errno = error;
    return {};
}

void remember_first_stack() noexcept {
    first_stack = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

void forget_first_stack() noexcept {
    old_stack = first_stack;
}

void leave_stack(void (*function)(void*), void* context) noexcept {
#ifndef __SANITIZE_ADDRESS__  // the sanitizer knows only one stack
    const Stack stack = make_stack();
    ucontext_t fresh;
    if (stack.begin && ::getcontext(&fresh) == 0) {
        fresh.uc_stack.ss_sp = stack.begin;
        fresh.uc_stack.ss_size = stack.size;
        fresh.uc_link = nullptr;
        old_stack = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
        on_the_new = function;
        argument = context;
        ::makecontext(&fresh, enter, 0);
        ::setcontext(&fresh);
        old_stack = 0;
    }
#endif
    function(context);
    ::_exit(125);
}

void give_back_memory() noexcept {
    ::malloc_trim(0);
    ::dl_iterate_phdr(drop_clean_segments, nullptr);
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    // A stack grows down: the memory below this frame and the red zone is free. No path here uses more than
    // 256 KiB.
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    const std::uintptr_t end = (here - 1024) & ~(page - 1);
    drop(end - 64 * page, end);
    if (old_stack == 0) return;
    // Of the old stack only the part that /proc/PID/cmdline shows is kept; the rest reads as zero afterwards.
    // libc reads the data above its frames (auxv, environment) when it starts, or has been told to forget it.
    const TitleMemory title = title_memory();
    if (title.begin == 0) return;
    drop((old_stack - 64 * page) & ~(page - 1), title.begin & ~(page - 1));
    drop((title.title_end + page) & ~(page - 1), title.end & ~(page - 1));
}

}  // namespace sigmund::sys
