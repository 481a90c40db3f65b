// SPDX-License-Identifier: Apache-2.0
// Reaps children and counts what they have used. Nothing in this file allocates or throws.
#include <linux/posix_types.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sys/children.hpp"

namespace sigmund::sys {

namespace {

// struct rusage as the kernel writes it: two times of seconds and microseconds, the largest resident set in KiB,
// and 13 more numbers. The C library's own has longer times on some 32-bit machines.
struct KernelUsage {
    __kernel_long_t user_s, user_us, system_s, system_us, peak_kib, others[13];
};

// The C library's waitid(3) cannot tell what the child has used. Returns 0 or -1 with errno set.
int reap(idtype_t which, pid_t pid, siginfo_t& info, int options, Consumption* used) noexcept {
    KernelUsage usage;
    memset(&usage, 0, sizeof usage);
    memset(&info, 0, sizeof info);  // the kernel fills in a few members only
    long rc;
    do rc = syscall(SYS_waitid, which, pid, &info, options | WEXITED | __WALL, used ? &usage : nullptr);
    while (rc != 0 && errno == EINTR);
    if (rc != 0) return -1;
    if (used && info.si_pid != 0)
        *used +=
            {std::int64_t{usage.user_s} * 1'000'000 + usage.user_us,
             std::int64_t{usage.system_s} * 1'000'000 + usage.system_us, std::int64_t{usage.peak_kib} * 1024};
    return 0;
}

}  // namespace

Consumption& Consumption::operator+=(const Consumption& other) noexcept {
    user_us += other.user_us;
    system_us += other.system_us;
    if (other.peak_bytes > peak_bytes) peak_bytes = other.peak_bytes;
    return *this;
}

pid_t reap_child(siginfo_t& info, Consumption* used) noexcept {
    return reap(P_ALL, 0, info, WNOHANG, used) == 0 ? info.si_pid : -1;
}

bool reap_ended(pid_t pid, siginfo_t& info, Consumption& used) noexcept {
    return reap(P_PID, pid, info, WNOHANG, &used) == 0 && info.si_pid != 0;
}

void reap_ending(pid_t pid, Consumption& used) noexcept {
    siginfo_t info;
    reap(P_PID, pid, info, 0, &used);
}

}  // namespace sigmund::sys
