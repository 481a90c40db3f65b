// SPDX-License-Identifier: Apache-2.0
// The life of one leader and what it left, as a pure function: step(state, event, now, policy) gives the next
// state and the orders to carry out. No clock, no process, no descriptor in here; the loop reports events and
// executes orders.
//
//            launch            leader ended, others live
//   starting ------> running ---------------------------> draining
//      ^                |  stop/restart/timeout/due           |
//      |                v                                     v
//      |            stopping --(grace over)--> killing     (empty)
//      |                |                         |           |
//      |             (empty)                   (empty)        v
//      +-- backoff <----+------ restart goal -----+-------> ended
//
// A policy that keeps the run for the next change (`stay`) goes from draining to backoff, without a deadline.
#pragma once
#include <cstdint>

#include "run/ended_by.hpp"
#include "run/spec.hpp"
#include "sys/clock.hpp"
#include "sys/process.hpp"

namespace sigmund::guard {

using sys::Millis;

enum class Phase : std::uint8_t { starting, running, draining, stopping, killing, backoff, ended };
inline constexpr int phase_count = 7;

// Why a life is being cleared away, or the run has ended.
enum class Cause : std::uint8_t {
    none,               // by itself
    stop,               // `stop`
    kill,               // `kill`
    timeout,            // --timeout
    unready,            // not ready in time, or dead before
    answered_by_other,  // a process that is not of the run answered its readiness probe
    unhealthy,          // the health check failed too often
    lease,              // what the run was tied to has ended
    restart,            // `restart`
    policy,             // the restart policy
    restart_limit,      // the policy gave up
    not_executed,       // a restart that could not execute the command
    replace,            // another start took its name (--replace)
    shell_exit,         // its shell exited, and the answer was to stop it
    guardian_signal,    // SIGTERM or SIGQUIT to the guardian; the rest of the event says which
    watch,              // a change on disk
    restart_signal,     // --restart-on
};
// What the record says of it.
run::EndedBy ended_by(Cause cause);
// Whether the run counts as failed after it, whatever its exit status.
bool is_failure(Cause cause);

struct State {
    Phase phase = Phase::starting;
    Cause cause = Cause::none;
    bool restart_wanted = false;  // once the old life is cleared away
    bool paused = false;
    bool leader_first = false;     // the leader of this life ended before anything was sent to it
    Cause ended_by = Cause::none;  // what ended this life; unlike `cause`, a later request does not change it
    bool awaiting_ready = false;   // no life has been ready yet: an end without a restart is a failure
    sys::ExitStatus status;        // of the leader of this life; known once it has ended
    int exec_error = 0;            // errno of a restart that could not execute
    int restarts = 0;              // starts after the first, in all
    int recent = 0;                // policy restarts since the last healthy window
    Millis backoff = 0;            // the next pause; 0: the policy's minimum
    Millis life_started = 0;
    Millis deadline = -1;  // end of the grace, or of the back-off; -1: none

    bool leader_ended() const { return status.known; }
};

struct Policy {
    run::RestartPolicy restart;
    Millis grace = 5'000;     // between the stop signal and SIGKILL, unless a request says another
    bool wait_ready = false;  // the run counts as started once EventKind::ready has come
    bool stay = false;        // a command that has ended is started again by the next change (--watch)
    bool at_once = false;     // the first restart after a healthy life does not pause (--pool)
};

enum class EventKind : std::uint8_t {
    executed,       // the command runs
    not_executed,   // it could not be; `error`
    leader_exited,  // `status`
    empty,          // no process of this life is left, the leader has been reported before
    stop,           // end the run gracefully, for `cause`, with `grace`
    kill,           // end it now
    restart,  // end this life gracefully, then start again, for `cause`; unhealthy is subject to the limit
    pause,
    resume,
    deadline,  // `now` has reached the state's deadline
    ready,     // the command does what it was started for
    looked,    // nothing is in the way of the next life (see Guardian::look_first)
};
inline constexpr int event_count = 12;

struct Event {
    EventKind kind;
    sys::ExitStatus status = {};
    int error = 0;
    Cause cause = Cause::none;
    Millis grace = -1;         // -1: the policy's
    Millis lasted = -1;        // how long this life did well; -1: since it began
    std::uint32_t random = 0;  // for the back-off's jitter
};

// Bits, carried out in this order.
enum Order : unsigned {
    order_none = 0,
    order_pause = 1U << 0,      // SIGSTOP to every process
    order_resume = 1U << 1,     // SIGCONT to every process
    order_terminate = 1U << 2,  // the stop signal, then SIGCONT, to the group and to each process outside it
    order_sweep = 1U << 7,      // the same to those who came after it
    order_kill = 1U << 3,       // SIGKILL to everything, until it is gone
    order_start = 1U << 4,      // start a new leader
    order_save = 1U << 5,       // what people see has changed: write the record
    order_finish = 1U << 6,     // the run is over: write the result, answer, end
};

struct Step {
    State state;
    unsigned orders = order_none;
};

Step step(const State& state, const Event& event, Millis now, const Policy& policy);

// Whether the policy starts the command again after this end.
bool restart_due(const run::RestartPolicy& policy, const sys::ExitStatus& status);
// The pause after `previous` (0: none yet): doubled within the policy's bounds, then 0 to 25 % of jitter on
// top, never beyond the maximum.
Millis next_backoff(const run::RestartPolicy& policy, Millis previous);
Millis with_jitter(const run::RestartPolicy& policy, Millis backoff, std::uint32_t random);

}  // namespace sigmund::guard
