// SPDX-License-Identifier: Apache-2.0
#include "guard/log_heir.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <vector>

#include "sys/poll.hpp"
#include "sys/process.hpp"
#include "sys/spawn.hpp"
#include "sys/title.hpp"

namespace sigmund::guard {
namespace {

// Every signal stays blocked, as in the guardian.
[[noreturn]] void be_heir(LogPump& pump, int guardian, const std::string& title) noexcept {
    std::set_new_handler(nullptr);
    ::setsid();  // a signal to the guardian's process group must not end both
    try {
        std::vector<int> own = pump.descriptors();
        own.push_back(guardian);
        std::sort(own.begin(), own.end());
        sys::close_descriptors(own.data(), own.size(), -1);
        sys::become_untraceable(title);
        pollfd set{guardian, POLLIN, 0};
        while (sys::poll_any({&set, 1}, -1) < 0 && errno == EINTR) {
        }
        pump.carry_to_the_end();
    } catch (...) {  // out of memory
        ::_exit(125);
    }
    ::_exit(0);
}

// Returns a descriptor that is readable once this process has ended: its pidfd, or, where there is none, a pipe whose
// other end this process keeps.
sys::Fd end_of_guardian() noexcept {
    sys::Fd self = sys::open_pidfd(::getpid());
    if (!self || sys::tells_end(self.get())) return self;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    static sys::Fd kept;
    kept.reset(ends[1]);
    return sys::Fd(ends[0]);
}

}  // namespace

void leave_heir(LogPump& pump, const std::string& title) noexcept {
    const sys::Fd self = end_of_guardian();
    if (!self) return;
    // As a child of a subreaper, the heir would be counted as a process of the run.
    ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    const pid_t between = ::fork();
    if (between == 0) {
        if (::fork() == 0) be_heir(pump, self.get(), title);
        ::_exit(0);
    }
    if (between > 0)
        while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
        }
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

}  // namespace sigmund::guard
