// SPDX-License-Identifier: Apache-2.0
#include "sys/sharing.hpp"

#include <doctest/doctest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "sys/process.hpp"
#include "sys/raw_call.hpp"

using namespace sigmund;

namespace {

struct Seen {
    volatile pid_t child = 0;
    sys::Birth birth{};
};

int tell_and_execute(void* context) {
    auto& seen = *static_cast<Seen*>(context);
    seen.child = ::getpid();
    seen.birth = sys::own_birth();
    ::execl("/bin/sleep", "sleep", "0", nullptr);
    ::_exit(127);
}

int tell_and_end(void* context) {
    static_cast<Seen*>(context)->child = ::getpid();
    ::_exit(3);
}

int status_of(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("A child in the memory of this process leaves what it writes, and its exec ends the wait") {
    if (!sys::can_share_memory()) return;
    sys::time_namespace_ticks();
    Seen seen;
    const pid_t pid = sys::clone_until_exec(tell_and_execute, &seen);
    REQUIRE(pid > 0);
    CHECK(seen.child == pid);
    CHECK(seen.birth.pid == pid);
    CHECK(seen.birth.error == 0);
    const sys::Fd pidfd = sys::open_pidfd(pid);
    const auto identity = sys::identify(pid, pidfd.get());
    if (identity) {  // it has not ended yet, or is not reaped
        CHECK(seen.birth.start_ticks == identity->start_ticks);
        CHECK(seen.birth.pidfd_ino == identity->pidfd_ino);
    }
    CHECK(status_of(pid) == 0);
}

TEST_CASE("A child that goes on in the memory of this process has descriptors and an end of its own") {
    if (!sys::can_share_memory()) return;
    Seen seen;
    const pid_t pid = sys::clone_sharing(tell_and_end, &seen);
    REQUIRE(pid > 0);
    CHECK(status_of(pid) == 3);
    CHECK(seen.child == pid);
}

TEST_CASE("A raw call returns what the kernel returns") {
    if (!sys::has_raw_calls) return;
    errno = 0;
    CHECK(sys::raw_call(SYS_getpid) == ::getpid());
    CHECK(sys::raw_call(SYS_close, -1) == -EBADF);
    CHECK(errno == 0);
}
