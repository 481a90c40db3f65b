// SPDX-License-Identifier: Apache-2.0
// Process numbers that no run can have: they stand for many processes, or for others than the leader's.
#include <doctest/doctest.h>

#include "run/verdict.hpp"

using namespace sigmund::run;

namespace {

Record with(pid_t pid, pid_t pgid, pid_t sid, pid_t guardian = 7, int version = record_version) {
    Record record;
    record.version = version;
    record.pid = pid;
    record.pgid = pgid;
    record.sid = sid;
    record.guardian_pid = guardian;
    return record;
}

}  // namespace

TEST_CASE("a leader's group and session carry its own number, and none of them is 0, 1 or negative") {
    CHECK(numbers_possible(with(42, 42, 42)));
    CHECK(numbers_possible(with(42, 42, 42, 0)));  // not recorded yet
    for (const pid_t odd : {-42, -1, 0, 1, 43}) {
        CHECK_FALSE(numbers_possible(with(42, odd, 42)));
        CHECK_FALSE(numbers_possible(with(42, 42, odd)));
        CHECK_FALSE(numbers_possible(with(odd, 42, 42)));
    }
    CHECK_FALSE(numbers_possible(with(1, 1, 1)));
    CHECK_FALSE(numbers_possible(with(42, 42, 42, 1)));
    CHECK_FALSE(numbers_possible(with(42, 42, 42, -7)));
}

TEST_CASE("version 1 may tell of another session, but not of process 1") {
    CHECK(numbers_possible(with(42, 42, 40, 0, 1)));
    CHECK_FALSE(numbers_possible(with(42, 1, 42, 0, 1)));
}

TEST_CASE("a record with such numbers is stale, whatever else is known") {
    const Record record = with(42, 1, 42);
    for (const bool held : {true, false}) {
        const Verdict verdict =
            judge(record, {.lock_held = held, .leader = LeaderFact::alive, .numbers_possible = false});
        CHECK(verdict.state == State::stale);
        CHECK(verdict.why.find("group 1") != std::string::npos);
    }
}
