// SPDX-License-Identifier: Apache-2.0
// The direct children of a process, which here is a process made for the test: the test runner has others.
#include "sys/children.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

using namespace sigmund;

namespace {

// Runs `test` in a child, and returns whether it returned true.
template <typename Test>
bool in_child(Test test) {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(test() ? 0 : 1);
    int status = 0;
    return ::waitpid(pid, &status, 0) == pid && status == 0;
}

std::vector<pid_t> make_children(int count) {
    std::vector<pid_t> out;
    for (int i = 0; i < count; ++i) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::pause();
            ::_exit(0);
        }
        out.push_back(pid);
    }
    return out;
}

}  // namespace

TEST_CASE("a visitor of the children can end the visit") {
    CHECK(in_child([] {
        const auto children = make_children(5);
        int all = 0, some = 0;
        const bool whole = sys::for_each_child([&](pid_t) { ++all; });
        sys::for_each_child([&](pid_t) { return ++some < 2; });
        sys::kill_children();
        return whole && all == 5 && some == 2;
    }));
}

TEST_CASE("the newest children are killed, and others that are no children are not") {
    CHECK(in_child([] {
        // Others may start hundreds of processes meanwhile, so this is tried more than once.
        for (int attempt = 0; attempt < 20; ++attempt) {
            make_children(3);
            const int killed = sys::kill_newest_children();
            sys::kill_children();
            siginfo_t info;
            for (int i = 0; i < 3; ++i)
                if (::waitid(P_ALL, 0, &info, WEXITED) != 0 || info.si_status != SIGKILL) return false;
            if (sys::kill_newest_children() != 0 || sys::reap_child(info) != -1) return false;
            if (killed == 3) return true;
        }
        return false;
    }));
}
