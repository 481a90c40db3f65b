// SPDX-License-Identifier: Apache-2.0
#include "sys/limits.hpp"

#include <signal.h>

#include <algorithm>

namespace sigmund::sys {
namespace {

// RLIMIT_NPROC makes fork fail, RLIMIT_CPU ends a process after that much CPU time, and with too little
// memory, too few descriptors or a small file size nothing can be recorded.
constexpr int lifted[] = {RLIMIT_FSIZE, RLIMIT_CPU,   RLIMIT_AS,     RLIMIT_DATA,
                          RLIMIT_STACK, RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_RTTIME};
constexpr rlim_t enough_files = 1024;  // more would need a larger table, and RLIM_INFINITY is refused

bool done = false;
bool size_signal_changed = false;
std::vector<RlimitSetting> before;

int set(int resource, const rlimit& limit) {
    return ::setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

}  // namespace

void lift_limits() {
    if (done) return;
    done = true;
    for (const int resource : lifted) {
        rlimit was{};
        if (::getrlimit(static_cast<__rlimit_resource>(resource), &was) != 0) continue;
        const rlim_t wanted = resource == RLIMIT_NOFILE ? enough_files : RLIM_INFINITY;
        if (was.rlim_cur >= wanted) continue;
        // Raising the hard limit needs CAP_SYS_RESOURCE (setrlimit(2)).
        if (set(resource, {wanted, std::max(wanted, was.rlim_max)}) == 0 ||
            (was.rlim_cur < was.rlim_max && set(resource, {was.rlim_max, was.rlim_max}) == 0))
            before.push_back({resource, was});
    }
    struct sigaction action {};
    if (::sigaction(SIGXFSZ, nullptr, &action) == 0 && action.sa_handler == SIG_DFL)
        size_signal_changed = ::signal(SIGXFSZ, SIG_IGN) != SIG_ERR;
}

const std::vector<RlimitSetting>& lifted_limits() {
    return before;
}

void restore_file_size_signal() noexcept {
    if (size_signal_changed) ::signal(SIGXFSZ, SIG_DFL);
}

rlim_t file_size_limit() noexcept {
    rlimit limit{};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

}  // namespace sigmund::sys
