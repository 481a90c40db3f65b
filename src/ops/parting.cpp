// SPDX-License-Identifier: Apache-2.0
// The law of this file: it runs while the guardian uses the same memory, so it calls nothing of the C library,
// which would change what the guardian finds there (errno, the heap). It has raw system calls, and writes only
// to its own stack and to the buffers of the Parting. tests/unit/ops/parting_test.cpp checks which symbols
// the object needs.
#include "ops/parting.hpp"

#include <asm/unistd.h>
#include <errno.h>
#include <poll.h>

#include "sys/raw_call.hpp"

namespace sigmund::ops {
namespace {

using sys::raw_call;

constexpr long kernel_mask_size = 8;  // the bytes of a signal mask of the kernel (rt_sigprocmask(2))

long address(const void* pointer) noexcept {
    return reinterpret_cast<long>(pointer);
}

[[noreturn]] void leave(int status) noexcept {
    for (;;) raw_call(__NR_exit_group, status);
}

// Becomes another sigmund, which starts with memory of its own. Its environment is empty.
[[noreturn]] void become(char* const* words) noexcept {
    static char* const nothing[] = {nullptr};
    raw_call(__NR_execve, address("/proc/self/exe"), address(words), address(nothing));
    leave(125);
}

// Returns 0 or errno.
int write_all(int fd, const char* text, std::size_t size) noexcept {
    while (size > 0) {
        const long n = raw_call(__NR_write, fd, address(text), static_cast<long>(size));
        if (n == -EINTR) continue;
        if (n <= 0) return n == 0 ? EIO : static_cast<int>(-n);
        text += n;
        size -= static_cast<std::size_t>(n);
    }
    return 0;
}

int write_form(int fd, const text::Blanks::Form& form, const text::Numbers& numbers) noexcept {
    return form.size == 0 ? 0 : write_all(fd, form.out, text::fill_in(form, numbers));
}

// Closes all descriptors from 3 on except `kept`.
void close_others(int kept) noexcept {
    const long last = ~0U;
    if ((kept == 3 || raw_call(__NR_close_range, 3, kept - 1) == 0) &&
        raw_call(__NR_close_range, kept + 1, last) == 0)
        return;
    // There is no close_range(2) before Linux 5.9. Only the caller's descriptors have higher numbers.
    for (int fd = 3; fd < 1024; ++fd)
        if (fd != kept) raw_call(__NR_close, fd);
}

}  // namespace

guard::StartReply part(const Parting& parting, pid_t guardian) noexcept {
    // At its end the kernel would write to the place that libc has named, in memory that the guardian goes on
    // using (set_tid_address(2)).
    raw_call(__NR_set_tid_address, 0);
    // The guardian may take long and the text may find no reader, and this process may be frozen. Until then the
    // caller's keys work, and the locks and the socket are the guardian's alone: they tell that it lives.
    raw_call(__NR_rt_sigprocmask, SIG_SETMASK, address(&parting.mask), 0, kernel_mask_size);
    close_others(parting.answers);
    guard::StartReply reply;
    long n;
    do n = raw_call(__NR_read, parting.answers, address(&reply), sizeof reply);
    while (n == -EINTR);
    if (n != sizeof reply) become(parting.guardian_killed);
    if (!reply.started) {
        while (raw_call(__NR_wait4, guardian, 0, 0, 0) == -EINTR) {
        }
        return reply;
    }
    const text::Numbers numbers{static_cast<std::uint64_t>(reply.pid), 0, 0};
    write_form(2, parting.said, numbers);
    if (const int error = write_form(1, parting.printed, numbers); error != 0) {
        int rest = error;
        for (int i = 2; i >= 0; --i, rest /= 10) parting.error[i] = static_cast<char>('0' + rest % 10);
        become(parting.unwritten);
    }
    leave(0);
}

}  // namespace sigmund::ops
