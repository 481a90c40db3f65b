// SPDX-License-Identifier: Apache-2.0
#include "guard/machine.hpp"

#include <algorithm>
#include <cerrno>

namespace sigmund::guard {
namespace {

bool clearing(Phase phase) {
    return phase == Phase::stopping || phase == Phase::killing;
}

// Returns whether an error of a start is a temporary condition of the machine and not a fault of the command
// (ETXTBSY: the program is being written; EPIPE and ECHILD: it was killed at its gate; EADDRINUSE: another
// process listens on its port). See fork(2), execve(2), open(2).
bool may_pass(int error) {
    return error == EPIPE || error == ECHILD || error == EAGAIN || error == ENOMEM || error == EMFILE ||
           error == ENFILE || error == ETXTBSY || error == EADDRINUSE;
}

// Returns whether a failed start is tried again. A restart policy does so for any reason: a missing program
// or folder may be about to be replaced (a deployment). A watched command without a policy waits for the next
// change instead, which may be the fix.
bool retried(const Policy& policy, int error) {
    return policy.restart.when != run::RestartWhen::no || (policy.stay && may_pass(error));
}

// A life of this length is healthy: the count of restarts and the back-off are reset.
void count_life(State& s, Millis lasted, const Policy& policy) {
    if (lasted < policy.restart.window) return;
    s.recent = 0;
    s.backoff = 0;
}

bool exhausted(const State& s, const Policy& policy) {
    return policy.restart.max_restarts >= 0 && s.recent >= policy.restart.max_restarts;
}

Step back_off(State s, Millis now, const Policy& policy, std::uint32_t random) {
    s.backoff = next_backoff(policy.restart, s.backoff);
    s.phase = Phase::backoff;
    s.deadline = now + with_jitter(policy.restart, s.backoff, random);
    return {s, order_save};
}

// The old life has ended and another is wanted, now or after a pause.
Step begin_again(State s, Millis now, const Policy& policy, std::uint32_t random) {
    s.restart_wanted = false;
    const bool pauses = s.cause == Cause::policy || is_failure(s.cause);
    if (pauses && !(policy.at_once && s.recent <= 1)) return back_off(s, now, policy, random);
    s.phase = Phase::starting;
    s.deadline = -1;
    return {s, order_start};
}

Step end(State s) {
    s.phase = Phase::ended;
    s.deadline = -1;
    s.restart_wanted = false;
    return {s, order_finish};
}

// The command has ended, and the run waits for a change.
Step idle(State s) {
    s.phase = Phase::backoff;
    s.deadline = -1;
    return {s, order_save};
}

Step clear_gracefully(State s, Cause cause, bool again, Millis grace, Millis now) {
    s.phase = Phase::stopping;
    s.cause = cause;
    s.ended_by = cause;
    s.restart_wanted = again;
    s.paused = false;
    s.deadline = now + grace;
    return {s, order_terminate | order_save};
}

Step clear_now(State s, Cause cause) {
    s.phase = Phase::killing;
    s.cause = cause;
    s.ended_by = cause;
    s.restart_wanted = false;
    s.paused = false;
    s.deadline = -1;
    return {s, order_kill | order_save};
}

// Counts one more restart by the policy, and ends the run when there were too many since the last healthy
// life.
Step restart_by_policy(State s, Cause cause, Cause limit, Millis lasted, Millis now, const Policy& policy) {
    count_life(s, lasted, policy);
    if (exhausted(s, policy)) return clear_gracefully(s, limit, false, policy.grace, now);
    ++s.recent;
    return clear_gracefully(s, cause, true, policy.grace, now);
}

// The leader ended by itself, so the restart policy decides.
Step leader_gone(State s, const Event& event, Millis now, const Policy& policy) {
    s.status = event.status;
    s.leader_first = true;
    const bool again = restart_due(policy.restart, s.status);
    if (s.awaiting_ready && !again) return clear_gracefully(s, Cause::unready, false, policy.grace, now);
    if (!again) {
        s.phase = Phase::draining;
        return {s, order_save};
    }
    const Cause limit = s.awaiting_ready ? Cause::unready : Cause::restart_limit;
    return restart_by_policy(s, Cause::policy, limit, now - s.life_started, now, policy);
}

}  // namespace

run::EndedBy ended_by(Cause cause) {
    using run::EndedBy;
    switch (cause) {
        case Cause::none:
        case Cause::policy:
            return EndedBy::itself;
        case Cause::not_executed:
            return EndedBy::launch;
        case Cause::stop:
            return EndedBy::stop;
        case Cause::kill:
            return EndedBy::kill;
        case Cause::timeout:
            return EndedBy::timeout;
        case Cause::unready:
            return EndedBy::unready;
        case Cause::answered_by_other:
            return EndedBy::answered_by_other;
        case Cause::ready_fail:
            return EndedBy::ready_fail;
        case Cause::unhealthy:
            return EndedBy::unhealthy;
        case Cause::lease:
            return EndedBy::lease;
        case Cause::restart:
            return EndedBy::restart;
        case Cause::restart_limit:
            return EndedBy::restart_limit;
        case Cause::replace:
            return EndedBy::replace;
        case Cause::shell_exit:
            return EndedBy::shell_exit;
        case Cause::guardian_signal:
            return EndedBy::guardian_signal;
        case Cause::watch:
            return EndedBy::watch;
        case Cause::restart_signal:
            return EndedBy::restart_signal;
    }
    return EndedBy::itself;
}

bool is_failure(Cause cause) {
    return cause == Cause::unready || cause == Cause::answered_by_other || cause == Cause::ready_fail ||
           cause == Cause::unhealthy || cause == Cause::restart_limit || cause == Cause::not_executed;
}

bool restart_due(const run::RestartPolicy& policy, const sys::ExitStatus& status) {
    switch (policy.when) {
        case run::RestartWhen::no:
            return false;
        case run::RestartWhen::always:
            return true;
        case run::RestartWhen::on_failure:
            return !status.success();
        case run::RestartWhen::on_exit:
            return status.known && std::find(policy.codes.begin(), policy.codes.end(), status.shell_code()) !=
                                       policy.codes.end();
    }
    return false;
}

Millis next_backoff(const run::RestartPolicy& policy, Millis previous) {
    if (previous <= 0) return policy.backoff_min;
    return std::clamp(previous * 2, policy.backoff_min, std::max(policy.backoff_min, policy.backoff_max));
}

Millis with_jitter(const run::RestartPolicy& policy, Millis backoff, std::uint32_t random) {
    const Millis jittered = backoff + backoff * (random % 251) / 1000;
    return std::min(jittered, std::max(policy.backoff_max, backoff));
}

Step step(const State& before, const Event& event, Millis now, const Policy& policy) {
    State s = before;
    const Millis grace = event.grace >= 0 ? event.grace : policy.grace;
    if (s.phase == Phase::ended) return {s, order_none};
    switch (event.kind) {
        case EventKind::executed:
            if (s.phase != Phase::starting) break;
            s.phase = Phase::running;
            s.cause = Cause::none;
            s.status = {};
            s.leader_first = false;
            s.ended_by = Cause::none;
            s.life_started = now;
            if (s.restarts == 0) s.awaiting_ready = policy.wait_ready;
            return {s, order_save};

        case EventKind::ready:
            if (!s.awaiting_ready) break;
            s.awaiting_ready = false;
            return {s, order_save};

        case EventKind::looked:
            if (s.phase != Phase::starting) break;
            return {s, order_start};

        case EventKind::not_executed:
            if (s.phase != Phase::starting) break;
            s.cause = Cause::not_executed;
            s.exec_error = event.error;
            // A port that was taken between two lives is waited for, whatever the reason of the restart was.
            if ((retried(policy, event.error) || event.error == EADDRINUSE) && !exhausted(s, policy)) {
                ++s.recent;
                return back_off(s, now, policy, event.random);
            }
            return policy.stay ? idle(s) : end(s);

        case EventKind::leader_exited:
            if (s.phase == Phase::running) return leader_gone(s, event, now, policy);
            if (clearing(s.phase) && !s.status.known) {
                s.status = event.status;
                // The leader may have forked processes after it was told to stop, and these have not got the
                // signal.
                return {s, s.phase == Phase::stopping ? order_save | order_sweep : order_save};
            }
            break;

        case EventKind::empty:
            if (s.phase == Phase::draining) return policy.stay ? idle(s) : end(s);
            if (clearing(s.phase))
                return s.restart_wanted ? begin_again(s, now, policy, event.random) : end(s);
            break;

        case EventKind::stop:
            // A request that was left for the guardian is read before the command is forked, hence in the
            // state starting.
            if (s.phase == Phase::backoff || s.phase == Phase::starting) {
                s.cause = event.cause;
                return end(s);
            }
            if (s.phase == Phase::running || s.phase == Phase::draining)
                return clear_gracefully(s, event.cause, false, grace, now);
            if (s.phase == Phase::stopping) {
                // A restart becomes a stop. A second stop may only shorten the grace period.
                const bool was_restart = s.restart_wanted;
                s.restart_wanted = false;
                if (was_restart || s.cause == Cause::restart_limit) s.cause = event.cause;
                s.deadline = std::min(s.deadline, now + grace);
                return {s, was_restart ? order_save : order_none};
            }
            if (s.phase == Phase::killing && s.restart_wanted) {
                s.restart_wanted = false;
                s.cause = event.cause;
                return {s, order_save};
            }
            break;

        case EventKind::kill: {
            const Cause cause = event.cause == Cause::none ? Cause::kill : event.cause;
            if (s.phase == Phase::backoff || s.phase == Phase::starting) {
                s.cause = cause;
                return end(s);
            }
            if (s.phase == Phase::running || s.phase == Phase::draining || s.phase == Phase::stopping)
                return clear_now(s, cause);
            if (s.phase == Phase::killing && s.restart_wanted) {
                s.restart_wanted = false;
                s.cause = cause;
                return {s, order_save};
            }
            break;
        }

        case EventKind::restart:
            if (s.phase == Phase::backoff) {
                s.cause = event.cause;
                return begin_again(s, now, policy, event.random);
            }
            if (s.phase == Phase::running && is_failure(event.cause))
                return restart_by_policy(s, event.cause, event.cause,
                                         event.lasted >= 0 ? event.lasted : now - s.life_started, now,
                                         policy);
            if (s.phase == Phase::running || s.phase == Phase::draining) {
                if (s.phase == Phase::running) count_life(s, now - s.life_started, policy);
                return clear_gracefully(s, event.cause, true, grace, now);
            }
            // While the run is being stopped, the stop wins. While it is being restarted, one restart serves
            // both requests, and a requested restart has no pause.
            if (clearing(s.phase) && s.restart_wanted && !is_failure(event.cause)) s.cause = event.cause;
            break;

        case EventKind::pause:
            if ((s.phase == Phase::running || s.phase == Phase::draining) && !s.paused) {
                s.paused = true;
                return {s, order_pause | order_save};
            }
            break;

        case EventKind::resume:
            if ((s.phase == Phase::running || s.phase == Phase::draining) && s.paused) {
                s.paused = false;
                return {s, order_resume | order_save};
            }
            break;

        case EventKind::deadline:
            if (s.deadline < 0 || now < s.deadline) break;
            if (s.phase == Phase::stopping) {
                s.phase = Phase::killing;
                s.deadline = -1;
                return {s, order_kill};
            }
            if (s.phase == Phase::backoff) {
                s.phase = Phase::starting;
                s.deadline = -1;
                return {s, order_start};
            }
            break;
    }
    return {s, order_none};
}

}  // namespace sigmund::guard
