// SPDX-License-Identifier: Apache-2.0
#include "guard/lives.hpp"

#include <doctest/doctest.h>

using namespace sigmund::guard;

namespace {

struct Turns {
    int began = 0, ended = 0;
    std::function<void(bool)> count() {
        return [this](bool running) { ++(running ? began : ended); };
    }
};

}  // namespace

TEST_CASE("the members of a pool have numbers, and a run without a pool has one member without a number") {
    const Lives pool(3, {}, SIGTERM), one(0, {}, SIGINT);
    REQUIRE(pool.members().size() == 3);
    CHECK(pool.members()[2].worker == 2);
    CHECK(pool.pool());
    REQUIRE(one.members().size() == 1);
    CHECK(one.members()[0].worker == -1);
    CHECK(!one.pool());
    CHECK(one.ending().signal == SIGINT);
}

TEST_CASE("the first stop decides the cause of the end, and a later one does not change it") {
    Lives lives(0, {}, SIGTERM);
    lives.post({.kind = EventKind::stop, .cause = Cause::timeout});
    lives.post({.kind = EventKind::stop, .cause = Cause::stop});
    CHECK(lives.ending().begun);
    CHECK(lives.cause_of_end() == Cause::timeout);
    Lives killed(0, {}, SIGTERM);
    killed.post({EventKind::kill});
    CHECK(killed.cause_of_end() == Cause::kill);
}

TEST_CASE("many restart requests cause one restart of each member") {
    Lives lives(2, {}, SIGTERM);
    Turns turns;
    lives.post({EventKind::executed});
    lives.step(0, turns.count());
    for (int i = 0; i < 100; ++i) lives.post({.kind = EventKind::restart, .cause = Cause::restart});
    const auto due = lives.step(1, turns.count());
    REQUIRE(due.size() == 2);
    CHECK((due[0].orders & order_terminate) != 0);
    CHECK(lives.clearing());
    CHECK(!lives.ending().begun);
}

TEST_CASE("sources are told when the first member runs and when the last one ceases to") {
    Lives lives(2, {}, SIGTERM);
    Turns turns;
    lives.post(lives.members()[0], {EventKind::executed});
    lives.post(lives.members()[1], {EventKind::executed});
    lives.step(0, turns.count());
    CHECK(turns.began == 1);
    lives.post(lives.members()[0],
               {.kind = EventKind::leader_exited, .status = sigmund::sys::ExitStatus::exited(0)});
    lives.step(1, turns.count());
    CHECK(turns.ended == 0);
    lives.post({.kind = EventKind::stop, .cause = Cause::stop});
    lives.step(2, turns.count());
    CHECK(turns.ended == 1);
    CHECK(turns.began == 1);
}

TEST_CASE("a stop that follows the decision to start again waits for the new life") {
    Policy policy;
    policy.restart.when = sigmund::run::RestartWhen::always;
    Lives lives(0, policy, SIGTERM);
    Turns turns;
    Member& member = lives.members()[0];
    lives.post({EventKind::executed});
    lives.step(0, turns.count());
    lives.post({.kind = EventKind::leader_exited, .status = sigmund::sys::ExitStatus::exited(1)});
    lives.post({EventKind::empty});
    lives.step(1, turns.count());
    REQUIRE(member.state.phase == Phase::backoff);
    lives.post({EventKind::deadline});
    lives.post({.kind = EventKind::stop, .cause = Cause::stop});
    const auto due = lives.step(member.state.deadline, turns.count());
    REQUIRE(due.size() == 1);
    CHECK((due[0].orders & order_start) != 0);
    CHECK(lives.pending());
    lives.post(member, {EventKind::executed});  // events of the start come before those that were held
    const auto next = lives.step(member.state.deadline, turns.count());
    REQUIRE(next.size() == 1);
    CHECK((next[0].orders & order_terminate) != 0);
    CHECK(member.state.phase == Phase::stopping);
}

TEST_CASE("the exit status of a pool is that of the first worker that failed") {
    Lives lives(3, {}, SIGTERM);
    lives.members()[0].state.status = sigmund::sys::ExitStatus::exited(0);
    CHECK(lives.status().success());
    lives.members()[1].state.status = sigmund::sys::ExitStatus::exited(4);
    lives.members()[2].state.status = sigmund::sys::ExitStatus::killed(SIGSEGV, false);
    CHECK(lives.status().code == 4);
}

TEST_CASE("the first deadline counts, and only members whose deadline has come get an event") {
    Lives lives(2, {}, SIGTERM);
    CHECK(lives.deadline() == -1);
    lives.members()[0].state.deadline = 500;
    lives.members()[1].state.deadline = 300;
    CHECK(lives.deadline() == 300);
    lives.post_due(299);
    CHECK(!lives.pending());
    lives.post_due(300);
    CHECK(lives.step(300, [](bool) {}).size() == 1);
}
