// SPDX-License-Identifier: Apache-2.0
#include "guard/shown.hpp"

#include <doctest/doctest.h>

using namespace sigmund::guard;
using sigmund::run::EndedBy;
using sigmund::run::Record;
using sigmund::run::Result;
using RunState = sigmund::run::State;
using sigmund::sys::ExitStatus;

namespace {

constexpr Moment now{1'000, 1'700'000'000'000};

Record shown(const Lives& lives, Record record = {}) {
    show_lives(lives, now, record);
    return record;
}

// Returns the record of a run without a pool in this phase.
Record shown_in(Phase phase, Cause cause = Cause::none, Record record = {}) {
    Lives lives(0, {}, SIGTERM);
    lives.members()[0].state.phase = phase;
    lives.members()[0].state.cause = cause;
    lives.members()[0].state.status = ExitStatus::exited(0);
    return shown(lives, std::move(record));
}

}  // namespace

TEST_CASE("each phase has a state for people") {
    CHECK(shown_in(Phase::starting).state == RunState::starting);
    CHECK(shown_in(Phase::running).state == RunState::running);
    CHECK(shown_in(Phase::draining).state == RunState::running);
    CHECK(shown_in(Phase::stopping).state == RunState::stopping);
    CHECK(shown_in(Phase::killing).state == RunState::stopping);
    CHECK(shown_in(Phase::backoff).state == RunState::watching);
    CHECK(shown_in(Phase::ended).state == RunState::exited);
}

TEST_CASE("each cause of an end has a result, and failures make the run failed") {
    using K = sigmund::run::ResultKind;
    const struct {
        Cause cause;
        K result;
    } rows[] = {
        {Cause::stop, K::stopped},        {Cause::kill, K::killed},
        {Cause::timeout, K::timeout},     {Cause::unready, K::unready},
        {Cause::lease, K::stopped},       {Cause::answered_by_other, K::unready},
        {Cause::restart, K::stopped},     {Cause::restart_limit, K::restart_limit},
        {Cause::replace, K::stopped},     {Cause::not_executed, K::launch},
        {Cause::shell_exit, K::stopped},  {Cause::guardian_signal, K::stopped},
        {Cause::watch, K::stopped},       {Cause::restart_signal, K::stopped},
        {Cause::none, K::exit},           {Cause::policy, K::exit},
        {Cause::unhealthy, K::unhealthy}, {Cause::ready_fail, K::unready},
    };
    for (const auto& row : rows) {
        const Record record = shown_in(Phase::ended, row.cause);
        CAPTURE(static_cast<int>(row.cause));
        CHECK(record.result == row.result);
        CHECK((record.state == RunState::failed) == is_failure(row.cause));
        CHECK(record.ended_ms == now.realtime);
        CHECK(record.ended_by == ended_by(row.cause));
    }
}

TEST_CASE("a run that must become ready is starting until it is") {
    Record record;
    record.ready = false;
    CHECK(shown_in(Phase::running, Cause::none, record).state == RunState::starting);
    record.ready = true;
    CHECK(shown_in(Phase::running, Cause::none, record).state == RunState::running);
    CHECK(shown_in(Phase::backoff, Cause::none, record).ready == false);
}

TEST_CASE("a pool shows the state that matters most to people, and the state of each worker") {
    Lives lives(3, {}, SIGTERM);
    lives.members()[0].state.phase = Phase::backoff;
    lives.members()[0].state.deadline = 3'000;
    lives.members()[0].state.restarts = 2;
    lives.members()[1].state.phase = Phase::running;
    lives.members()[1].life.leaders.push_back({77, {}, false, false});
    lives.members()[2].state.phase = Phase::ended;
    lives.members()[2].state.restarts = 1;
    const Record record = shown(lives);
    CHECK(record.state == RunState::running);
    CHECK(record.restarts == 3);
    CHECK(record.next_start_ms == now.realtime + 2'000);
    REQUIRE(record.workers.size() == 3);
    CHECK(record.workers[1].pid == 77);
    CHECK(record.workers[0].state == RunState::backoff);
    CHECK(record.workers_alive == 1);
    CHECK(!record.status.known);
}

TEST_CASE("what a run has used is shown once it is over, summed over its lives") {
    Lives lives(0, {}, SIGTERM);
    Member& member = lives.members()[0];
    member.account.life = {2'500, 1'000, 10};
    member.account.begin_life();
    member.account.life = {2'500, 1'999, 5};
    member.state.phase = Phase::running;
    CHECK(shown(lives).used == sigmund::run::Used{});
    member.state.phase = Phase::ended;
    CHECK(shown(lives).used == sigmund::run::Used{5, 2, 10});
}

TEST_CASE("what a pool has used is shown for each worker, and with the rest of the run") {
    Lives lives(2, {}, SIGTERM);
    for (Member& member : lives.members()) {
        member.state.phase = Phase::ended;
        member.account.life = {1'000 * (member.worker + 1), 0, 100};
    }
    lives.account_of(1) += {5'000, 7'000, 1};  // a process that is of no worker
    const Record record = shown(lives);
    REQUIRE(record.workers.size() == 2);
    CHECK(record.workers[0].used == sigmund::run::Used{1, 0, 100});
    CHECK(record.workers[1].used == sigmund::run::Used{2, 0, 100});
    CHECK(record.used == sigmund::run::Used{8, 7, 100});
    lives.members()[0].state.phase = Phase::running;
    CHECK(shown(lives).workers[1].used == sigmund::run::Used{});
}

TEST_CASE("the newest signal to any worker is the last signal of the run, once it is over") {
    Lives lives(2, {}, SIGTERM);
    for (Member& member : lives.members()) member.state.phase = Phase::ended;
    CHECK_FALSE(shown(lives).last_signal.sent());
    lives.members()[0].last_signal = {SIGKILL, 5, "stop", 7, 8};
    lives.members()[1].last_signal = {SIGTERM, 3, "stop", 7, 8};
    CHECK(shown(lives).last_signal == lives.members()[0].last_signal);
    lives.members()[1].state.phase = Phase::running;
    CHECK_FALSE(shown(lives).last_signal.sent());
}
