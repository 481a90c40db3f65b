// SPDX-License-Identifier: Apache-2.0
// The direct children of a process, which here is a process made for the test: the test runner has others.
#include "sys/children.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <time.h>
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

// Uses the processor for that long.
void burn(std::int64_t us) {
    const auto used = [] {
        timespec now{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
    };
    const std::int64_t until = used() + us;
    while (used() < until) {
    }
}

pid_t burning_child(std::int64_t us) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    burn(us);
    ::_exit(0);
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

TEST_CASE("what a child has used is counted once, with the children that it has waited for") {
    CHECK(in_child([] {
        const pid_t pid = ::fork();
        if (pid == 0) {
            const pid_t inner = burning_child(30'000);
            ::waitpid(inner, nullptr, 0);
            burn(20'000);
            ::_exit(0);
        }
        sys::Consumption used;
        siginfo_t info;
        while (!sys::reap_ended(pid, info, used)) ::usleep(1'000);
        const std::int64_t cpu = used.user_us + used.system_us;
        if (sys::reap_ended(pid, info, used) || used.user_us + used.system_us != cpu) return false;
        return cpu >= 45'000 && used.peak_bytes >= 64 * 1024;
    }));
}

TEST_CASE("what children have used is added up, in whichever way they are reaped") {
    CHECK(in_child([] {
        sys::Consumption used;
        sys::reap_ending(burning_child(20'000), used);
        const std::int64_t first = used.user_us + used.system_us;
        burning_child(20'000);
        siginfo_t info;
        pid_t pid;
        while ((pid = sys::reap_child(info, &used)) == 0) ::usleep(1'000);
        const std::int64_t both = used.user_us + used.system_us;
        return pid > 0 && first >= 18'000 && both >= first + 18'000 && sys::reap_child(info, &used) == -1;
    }));
}

TEST_CASE("times are added, and of the memory the largest counts") {
    sys::Consumption used{1, 2, 30};
    used += {10, 20, 3};
    CHECK(used == sys::Consumption{11, 22, 30});
    used += {0, 0, 31};
    CHECK(used.peak_bytes == 31);
}
