// SPDX-License-Identifier: Apache-2.0
// What a record and the facts say about a run, and which process numbers are impossible for a run.
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
    CHECK(numbers_possible(with(42, 42, 42, 0)));  // it is not recorded yet
    for (const pid_t odd : {-42, -1, 0, 1, 43}) {
        CHECK_FALSE(numbers_possible(with(42, odd, 42)));
        CHECK_FALSE(numbers_possible(with(42, 42, odd)));
        CHECK_FALSE(numbers_possible(with(odd, 42, 42)));
    }
    CHECK_FALSE(numbers_possible(with(1, 1, 1)));
    CHECK_FALSE(numbers_possible(with(42, 42, 42, 1)));
    CHECK_FALSE(numbers_possible(with(42, 42, 42, -7)));
}

TEST_CASE("a record of version 1 may name another session, but not process 1") {
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

TEST_CASE("the facts decide what a live record means") {
    struct Case {
        const char* what;
        State recorded;
        Facts facts;
        State state;
        bool guardian_alive;
    };
    const Case cases[] = {
        {"guardian and leader live",
         State::running,
         {.lock_held = true, .leader = LeaderFact::alive},
         State::running,
         true},
        {"the leader has ended, a child lives",
         State::running,
         {.lock_held = true, .has_members = true},
         State::running,
         true},
        {"everything has ended, the result is not written yet",
         State::running,
         {.lock_held = true},
         State::exited,
         true},
        {"nothing runs between two lives", State::backoff, {.lock_held = true}, State::backoff, true},
        {"nothing runs while the guardian watches",
         State::watching,
         {.lock_held = true},
         State::watching,
         true},
        {"the guardian knows that the run is paused",
         State::paused,
         {.lock_held = true, .leader = LeaderFact::alive},
         State::paused,
         true},
        {"the guardian was killed", State::running, {.leader = LeaderFact::alive}, State::running, false},
        {"the guardian was killed, the leader is stopped",
         State::running,
         {.leader = LeaderFact::alive, .leader_stopped = true},
         State::paused,
         false},
        {"the guardian was killed, only a child is left",
         State::stopping,
         {.has_members = true},
         State::running,
         false},
        {"all of it was killed", State::running, {}, State::lost, false},
        {"a zombie nobody reaps is no life",
         State::running,
         {.leader = LeaderFact::zombie},
         State::lost,
         false},
        {"the number of the leader went to a stranger",
         State::running,
         {.leader = LeaderFact::stranger},
         State::stale,
         false},
        {"the number of the group went to strangers",
         State::running,
         {.group_reused = true},
         State::stale,
         false},
        {"another boot", State::running, {.same_boot = false}, State::stale, false},
        {"another PID namespace",
         State::running,
         {.lock_held = true, .same_pid_namespace = false},
         State::stale,
         true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Record record = with(42, 42, 42);
        record.state = c.recorded;
        const Verdict verdict = judge(record, c.facts);
        CHECK(verdict.state == c.state);
        CHECK(verdict.guardian_alive == c.guardian_alive);
        CHECK(verdict.why.empty() == (c.state != State::stale));
    }
}

TEST_CASE("a final record keeps its state, and its guardian does not count as alive") {
    for (const State state : {State::exited, State::failed}) {
        Record record = with(42, 42, 42);
        record.state = state;
        const Verdict verdict = judge(record, {.lock_held = true, .same_boot = false});
        CHECK(verdict.state == state);
        CHECK_FALSE(verdict.guardian_alive);
    }
}

TEST_CASE("a run of version 1 without processes has exited with an unknown status") {
    Record record = with(42, 42, 42, 0, 1);
    record.state = State::running;
    CHECK(judge(record, {}).state == State::exited);
}
