// SPDX-License-Identifier: Apache-2.0
#include "guard/machine.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <random>

using namespace sigmund;
using namespace sigmund::guard;

namespace {

State in(Phase phase) {
    State s;
    s.phase = phase;
    if (phase == Phase::draining) s.status = sys::ExitStatus::exited(0);
    if (phase == Phase::stopping) {
        s.cause = Cause::stop;
        s.deadline = 100;
    }
    if (phase == Phase::backoff) s.deadline = 100;
    return s;
}

constexpr Phase starting = Phase::starting, running = Phase::running, draining = Phase::draining,
                stopping = Phase::stopping, killing = Phase::killing, backoff = Phase::backoff,
                ended = Phase::ended;

// The effect of each event in each phase, in the order of Phase. The time is 100, and there is no restart
// policy.
struct Row {
    EventKind event;
    Phase next[phase_count];
    unsigned orders[phase_count];
};
constexpr unsigned none = order_none, save = order_save, finish = order_finish, start = order_start,
                   term = order_terminate | order_save, kill_all = order_kill | order_save;
const Row table[] = {
    {EventKind::executed,
     {running, running, draining, stopping, killing, backoff, ended},
     {save, none, none, none, none, none, none}},
    {EventKind::not_executed,
     {ended, running, draining, stopping, killing, backoff, ended},
     {finish, none, none, none, none, none, none}},
    {EventKind::leader_exited,
     {starting, draining, draining, stopping, killing, backoff, ended},
     {none, save, none, save | order_sweep, save, none, none}},
    {EventKind::empty,
     {starting, running, ended, ended, ended, backoff, ended},
     {none, none, finish, finish, finish, none, none}},
    {EventKind::stop,
     {ended, stopping, stopping, stopping, killing, ended, ended},
     {finish, term, term, none, none, finish, none}},
    {EventKind::kill,
     {ended, killing, killing, killing, killing, ended, ended},
     {finish, kill_all, kill_all, kill_all, none, finish, none}},
    {EventKind::looked,
     {starting, running, draining, stopping, killing, backoff, ended},
     {start, none, none, none, none, none, none}},
    {EventKind::restart,
     {starting, stopping, stopping, stopping, killing, starting, ended},
     {none, term, term, none, none, start, none}},
    {EventKind::pause,
     {starting, running, draining, stopping, killing, backoff, ended},
     {none, order_pause | save, order_pause | save, none, none, none, none}},
    {EventKind::resume,
     {starting, running, draining, stopping, killing, backoff, ended},
     {none, none, none, none, none, none, none}},
    {EventKind::deadline,
     {starting, running, draining, killing, killing, starting, ended},
     {none, none, none, order_kill, none, start, none}},
    {EventKind::ready,
     {starting, running, draining, stopping, killing, backoff, ended},
     {none, none, none, none, none, none, none}},
};

}  // namespace

TEST_CASE("every event has its effect in every phase") {
    REQUIRE(std::size(table) == event_count);
    for (const Row& row : table)
        for (int p = 0; p < phase_count; ++p) {
            CAPTURE(static_cast<int>(row.event));
            CAPTURE(p);
            Event event{row.event};
            event.status = sys::ExitStatus::exited(3);
            event.cause = Cause::stop;
            if (row.event == EventKind::restart) event.cause = Cause::restart;
            const Step next = step(in(static_cast<Phase>(p)), event, 100, Policy{});
            CHECK(static_cast<int>(next.state.phase) == static_cast<int>(row.next[p]));
            CHECK(next.orders == row.orders[p]);
        }
}

TEST_CASE("a restart policy clears leftovers, backs off and gives up") {
    Policy policy;
    policy.restart.when = run::RestartWhen::on_failure;
    policy.restart.max_restarts = 1;
    State s = in(Phase::running);
    Step next = step(s, {.kind = EventKind::leader_exited, .status = sys::ExitStatus::exited(0)}, 10, policy);
    CHECK(next.state.phase == Phase::draining);
    next = step(s, {.kind = EventKind::leader_exited, .status = sys::ExitStatus::exited(1)}, 10, policy);
    CHECK(next.state.phase == Phase::stopping);
    next = step(next.state, {EventKind::empty}, 20, policy);
    CHECK(next.state.phase == Phase::backoff);
    CHECK(next.state.deadline >= 20 + policy.restart.backoff_min);
    next = step(next.state, {EventKind::deadline}, next.state.deadline, policy);
    CHECK(next.orders == order_start);
    next = step(next.state, {EventKind::executed}, 200, policy);
    next = step(next.state, {.kind = EventKind::leader_exited, .status = sys::ExitStatus::killed(11, true)},
                210, policy);
    CHECK(next.state.cause == Cause::restart_limit);
    next = step(next.state, {EventKind::empty}, 220, policy);
    CHECK(next.state.phase == Phase::ended);
    CHECK(next.orders == order_finish);
}

TEST_CASE("a restart that fails is tried again, whatever the reason, within the limit of the policy") {
    Policy policy;
    policy.restart.when = run::RestartWhen::on_failure;
    policy.restart.max_restarts = 2;
    const Event busy{.kind = EventKind::not_executed, .error = ETXTBSY};
    Step next = step(in(Phase::starting), busy, 10, policy);
    CHECK(next.state.phase == Phase::backoff);
    CHECK(next.state.deadline >= 10 + policy.restart.backoff_min);
    CHECK(next.state.recent == 1);
    const Step gone =
        step(in(Phase::starting), {.kind = EventKind::not_executed, .error = ENOENT}, 10, policy);
    CHECK(gone.state.phase == Phase::backoff);  // a deployment may be replacing it
    CHECK(gone.state.deadline > 10);
    Policy unlimited;
    unlimited.restart.when = run::RestartWhen::always;
    Step again = gone;
    for (int i = 0; i < 100; ++i) {
        again = step(again.state, {EventKind::deadline}, again.state.deadline, unlimited);
        again = step(again.state, {.kind = EventKind::not_executed, .error = EACCES},
                     again.state.life_started + i * 60'000, unlimited);
        CHECK(again.state.phase == Phase::backoff);
    }
    CHECK(step(in(Phase::starting), {.kind = EventKind::not_executed, .error = ENOENT}, 10, Policy{})
              .state.phase == Phase::ended);  // without a policy no start is tried again
    const Step killed =                       // between fork and exec
        step(in(Phase::starting), {.kind = EventKind::not_executed, .error = EPIPE}, 10, policy);
    CHECK(killed.state.phase == Phase::backoff);
    next = step(next.state, {EventKind::deadline}, next.state.deadline, policy);
    CHECK(next.orders == order_start);
    next = step(next.state, busy, 500, policy);
    CHECK(next.state.phase == Phase::backoff);
    next = step(next.state, {EventKind::deadline}, next.state.deadline, policy);
    next = step(next.state, busy, 1'000, policy);
    CHECK(next.state.phase == Phase::ended);
    CHECK(next.state.cause == Cause::not_executed);
    CHECK(step(in(Phase::starting), busy, 10, Policy{}).state.phase == Phase::ended);
    Policy watched;
    watched.stay = true;
    CHECK(step(in(Phase::starting), busy, 10, watched).state.deadline > 10);
    const Step waits =
        step(in(Phase::starting), {.kind = EventKind::not_executed, .error = ENOENT}, 10, watched);
    CHECK(waits.state.phase == Phase::backoff);
    CHECK(waits.state.deadline == -1);
}

TEST_CASE("a restart that is asked for after a healthy life has all its attempts") {
    Policy policy;
    policy.restart.when = run::RestartWhen::always;
    policy.restart.max_restarts = 2;
    State old = in(Phase::running);
    old.recent = 2;
    old.backoff = 20'000;
    old.life_started = 0;
    const Event asked{.kind = EventKind::restart, .cause = Cause::restart};
    CHECK(step(old, asked, policy.restart.window, policy).state.recent == 0);
    CHECK(step(old, asked, policy.restart.window, policy).state.backoff == 0);
    CHECK(step(old, asked, policy.restart.window - 1, policy).state.recent == 2);
}

TEST_CASE("a run that is not ready yet waits for restarts by the policy, and its last end is a failure") {
    Policy policy;
    policy.wait_ready = true;
    policy.restart.when = run::RestartWhen::on_failure;
    policy.restart.max_restarts = 1;
    const Event failed{.kind = EventKind::leader_exited, .status = sys::ExitStatus::exited(3)};
    State s = step(State{}, {EventKind::executed}, 0, policy).state;
    REQUIRE(s.awaiting_ready);
    s = step(s, failed, 1, policy).state;
    CHECK(s.cause == Cause::policy);
    CHECK(s.restart_wanted);
    s.phase = Phase::starting;
    s.restarts = 1;
    s = step(s, {EventKind::executed}, 2, policy).state;
    CHECK(s.awaiting_ready);
    CHECK(step(step(s, {EventKind::ready}, 3, policy).state, failed, 4, policy).state.cause ==
          Cause::restart_limit);
    CHECK(step(s, failed, 4, policy).state.cause == Cause::unready);
    // The policy does not start the command again after this end.
    CHECK(step(s, {.kind = EventKind::leader_exited, .status = sys::ExitStatus::exited(0)}, 4, policy)
              .state.cause == Cause::unready);
}

TEST_CASE("a restart because of a failure is one by the policy, with its pause and its limit") {
    Policy policy;
    policy.restart.when = run::RestartWhen::on_failure;
    policy.restart.max_restarts = 1;
    policy.restart.backoff_min = 50;
    for (const Cause cause :
         {Cause::unready, Cause::answered_by_other, Cause::ready_fail, Cause::unhealthy}) {
        CAPTURE(static_cast<int>(cause));
        const Event failed{.kind = EventKind::restart, .cause = cause, .lasted = 0};
        State s = step(in(Phase::running), failed, 100, policy).state;
        CHECK(s.restart_wanted);
        CHECK(s.recent == 1);
        s = step(s, {.kind = EventKind::leader_exited, .status = sys::ExitStatus::exited(0)}, 100, policy)
                .state;
        s = step(s, {EventKind::empty}, 100, policy).state;
        CHECK(s.phase == Phase::backoff);
        CHECK(s.deadline == 150);
        CHECK(s.ended_by == cause);
        s.phase = Phase::running;
        s = step(s, failed, 200, policy).state;
        CHECK_FALSE(s.restart_wanted);
        CHECK(s.cause == cause);
    }
}

TEST_CASE("a million random events: one leader at most, every stop ends, the back-off has its minimum") {
    std::mt19937 random(20'26);
    Policy policy;
    policy.restart.when = run::RestartWhen::always;
    policy.restart.backoff_min = 50;
    policy.restart.backoff_max = 400;
    State s = step(State{}, {EventKind::executed}, 0, policy).state;
    bool life = true, leader = true, doomed = false;  // doomed: a stop or kill was accepted
    Millis now = 0, backoff_since = -1;
    for (int i = 0; i < 1'000'000; ++i) {
        now += random() % 40;
        Event event{static_cast<EventKind>(random() % event_count)};
        event.status = random() % 2 ? sys::ExitStatus::exited(1) : sys::ExitStatus::killed(9, false);
        event.cause = event.kind == EventKind::restart ? Cause::restart : Cause::stop;
        event.grace = static_cast<Millis>(random() % 100);
        event.random = static_cast<std::uint32_t>(random());
        // Only what the loop can report: a leader ends once, and a life is empty only after that.
        if (event.kind == EventKind::leader_exited && !leader) continue;
        if (event.kind == EventKind::empty && (leader || !life)) continue;
        if (event.kind == EventKind::executed || event.kind == EventKind::not_executed) continue;
        // These come rarely, so that lives get long enough for the other rows.
        if ((event.kind == EventKind::stop || event.kind == EventKind::kill) && random() % 50 != 0) continue;
        if (event.kind == EventKind::leader_exited) leader = false;
        if (event.kind == EventKind::empty) life = false;
        const Phase before = s.phase;
        const Step next = step(s, event, now, policy);
        s = next.state;
        if (event.kind == EventKind::stop || event.kind == EventKind::kill) doomed = true;
        if (s.phase == Phase::backoff && before != Phase::backoff) backoff_since = now;
        if (next.orders & order_start) {
            REQUIRE_FALSE(life);
            REQUIRE_FALSE(doomed);
            if (before == Phase::backoff && event.kind == EventKind::deadline)
                REQUIRE(now - backoff_since >= policy.restart.backoff_min);
            s = step(s, {EventKind::executed}, now, policy).state;
            life = leader = true;
        }
        if (s.phase == Phase::ended) {
            REQUIRE_FALSE(life);
            s = step(State{}, {EventKind::executed}, now, policy).state;
            life = leader = true;
            doomed = false;
        }
        // A stop will end: only the end of the processes is awaited from here on.
        if (doomed) REQUIRE((s.phase == Phase::stopping || s.phase == Phase::killing));
    }
}

TEST_CASE("a life keeps the cause that ended it, whatever is asked for later") {
    Policy policy;
    policy.restart.when = run::RestartWhen::always;
    policy.restart.backoff_min = 50;
    // The life ended by itself and now waits. A requested restart does not change the reason of its end.
    State s = step(in(running), {.kind = EventKind::leader_exited, .status = sys::ExitStatus::exited(3)}, 100,
                   policy)
                  .state;
    CHECK(s.leader_first);
    s = step(s, {EventKind::empty}, 100, policy).state;
    REQUIRE(s.phase == backoff);
    s = step(s, {.kind = EventKind::restart, .cause = Cause::restart}, 110, policy).state;
    CHECK(s.ended_by == Cause::policy);
    // The health check told it to end, and then it was stopped.
    s = step(in(running), {.kind = EventKind::restart, .cause = Cause::unhealthy}, 100, policy).state;
    s = step(s, {.kind = EventKind::stop, .cause = Cause::stop}, 110, policy).state;
    s = step(s, {.kind = EventKind::leader_exited, .status = sys::ExitStatus::exited(0)}, 120, policy).state;
    CHECK_FALSE(s.leader_first);
    CHECK(s.ended_by == Cause::unhealthy);
    CHECK(s.cause == Cause::stop);
    // The next life begins without a reason.
    s = step(in(starting), {EventKind::executed}, 130, policy).state;
    CHECK(s.ended_by == Cause::none);
    CHECK_FALSE(s.leader_first);
}

TEST_CASE("each cause has a word, and only some causes are failures") {
    CHECK(ended_by(Cause::none) == run::EndedBy::itself);
    CHECK(ended_by(Cause::policy) == run::EndedBy::itself);
    CHECK(ended_by(Cause::guardian_signal) == run::EndedBy::guardian_signal);
    CHECK(ended_by(Cause::ready_fail) == run::EndedBy::ready_fail);
    for (const Cause cause : {Cause::unready, Cause::answered_by_other, Cause::ready_fail, Cause::unhealthy,
                              Cause::restart_limit, Cause::not_executed})
        CHECK(is_failure(cause));
    for (const Cause cause : {Cause::none, Cause::stop, Cause::kill, Cause::timeout, Cause::lease})
        CHECK_FALSE(is_failure(cause));
}
