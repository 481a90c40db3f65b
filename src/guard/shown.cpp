// SPDX-License-Identifier: Apache-2.0
#include "guard/shown.hpp"

#include <algorithm>

namespace sigmund::guard {
namespace {

run::State shown_state(const State& state) {
    switch (state.phase) {
        case Phase::starting:
            return run::State::starting;
        case Phase::running:
        case Phase::draining:
            return state.paused ? run::State::paused : run::State::running;
        case Phase::stopping:
        case Phase::killing:
            return run::State::stopping;
        case Phase::backoff:
            return state.deadline >= 0 ? run::State::backoff : run::State::watching;
        case Phase::ended:
            return run::State::exited;
    }
    return run::State::running;
}

// Returns the rank of the state among the states of a pool's workers. The state that matters most to people
// has the lowest rank.
std::ptrdiff_t rank(run::State state) {
    constexpr run::State order[] = {run::State::running,  run::State::paused,  run::State::stopping,
                                    run::State::starting, run::State::backoff, run::State::watching,
                                    run::State::exited};
    return std::find(std::begin(order), std::end(order), state) - std::begin(order);
}

void show_stages(const Life& life, run::Record& r) {
    for (std::size_t i = 0; i < r.stages.size() && i < life.leaders.size(); ++i) {
        r.stages[i].pid = life.leaders[i].pid;
        r.stages[i].status = life.leaders[i].status;
    }
}

void show_workers(const Lives& lives, run::Record& r) {
    r.workers.resize(lives.members().size());
    r.workers_alive = 0;
    for (std::size_t i = 0; i < r.workers.size(); ++i) {
        const Member& member = lives.members()[i];
        run::Part& part = r.workers[i];
        part.pid = member.life.begun() ? member.life.leaders[0].pid : 0;
        part.state = shown_state(member.state);
        part.restarts = member.state.restarts;
        part.status = member.state.status;
        part.port = r.port != 0 ? r.port + member.worker : 0;
        if (member.life.begun() && !member.life.ended()) ++r.workers_alive;
        if (lives.over()) part.used = used_of(member.account.all());
    }
}

void show_states(const Lives& lives, const Moment& now, run::Record& r) {
    r.state = run::State::exited;
    r.restarts = 0;
    r.status = {};
    r.next_start_ms.reset();
    for (const Member& member : lives.members()) {
        const run::State state = shown_state(member.state);
        if (rank(state) < rank(r.state)) r.state = state;
        r.restarts += member.state.restarts;
        if (member.state.phase == Phase::backoff && member.state.deadline >= 0)
            r.next_start_ms = now.realtime + std::max<Millis>(0, member.state.deadline - now.monotonic);
    }
    // The ends of the workers are in `workers`. The run itself has none while it lives.
    if (lives.members().size() == 1 || lives.over()) r.status = lives.status();
    const bool unready = r.ready && !*r.ready;
    if (r.state == run::State::running && unready && !lives.members()[0].life.ended())
        r.state = run::State::starting;
    // Between two lives nothing is ready, whatever the last life was.
    if (r.ready && lives.between_lives()) r.ready = false;
}

// In a pause: what ended the previous life. At the end: what ended the run.
void show_cause(const Lives& lives, run::Record& r) {
    r.ended_by = run::EndedBy::none;
    r.leader_first.reset();
    for (const Member& member : lives.members()) {
        if (member.state.phase != Phase::backoff && member.state.phase != Phase::ended) return;
        if (!r.leader_first || !member.state.leader_first) r.leader_first = member.state.leader_first;
    }
    const State& first = lives.members()[0].state;
    r.ended_by = ended_by(lives.over() ? lives.cause_of_end() : first.ended_by);
    if (!lives.over() && first.cause == Cause::not_executed) r.ended_by = run::EndedBy::launch;
}

run::Result result_of(const Lives& lives, const run::Record& r) {
    using run::Result;
    const Cause cause = lives.cause_of_end();
    switch (cause) {
        case Cause::stop:
        case Cause::lease:
        case Cause::restart:
        case Cause::replace:
        case Cause::shell_exit:
        case Cause::watch:
        case Cause::restart_signal:
            return Result::stopped;
        case Cause::guardian_signal:
            return lives.ending().quit ? Result::killed : Result::stopped;
        case Cause::kill:
            return Result::killed;
        case Cause::timeout:
            return Result::timeout;
        case Cause::unready:
        case Cause::answered_by_other:
        case Cause::ready_fail:
            return Result::unready;
        case Cause::unhealthy:
            return Result::unhealthy;
        case Cause::restart_limit:
            return Result::restart_limit;
        case Cause::not_executed: {
            int error = 0;
            for (const Member& member : lives.members()) error = std::max(error, member.state.exec_error);
            return Result::not_executed(error);
        }
        case Cause::policy:
        case Cause::none:
            break;
    }
    return Result::of(r.status);
}

}  // namespace

Moment Moment::now() {
    return {sys::monotonic_ms(), sys::realtime_ms()};
}

void show_lives(const Lives& lives, const Moment& now, run::Record& record) {
    show_states(lives, now, record);
    show_stages(lives.members()[0].life, record);
    if (lives.pool()) show_workers(lives, record);
    show_cause(lives, record);
    if (!lives.over()) return;
    record.ended_ms = now.realtime;
    record.used = used_of(lives.used());
    record.last_signal = {};
    for (const Member& member : lives.members())
        if (member.last_signal.at_ms >= record.last_signal.at_ms) record.last_signal = member.last_signal;
    record.result = result_of(lives, record);
    if (is_failure(lives.cause_of_end())) record.state = run::State::failed;
}

}  // namespace sigmund::guard
