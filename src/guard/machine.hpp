// SPDX-License-Identifier: Apache-2.0
// The life of one leader and of the processes it leaves, as a pure function: step(state, event, now, policy)
// returns the next state and the orders to carry out. There is no clock, process or descriptor in this file;
// the loop reports events and executes orders.
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
// When the policy keeps the run for the next change (`stay`), draining is followed by backoff without a
// deadline.
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

// The reason why a life is being ended, or why the run has ended.
enum class Cause : std::uint8_t {
    none,               // it ended by itself
    stop,               // `stop`
    kill,               // `kill`
    timeout,            // --timeout
    unready,            // it was not ready in time, or ended before
    answered_by_other,  // a process outside the run answered its readiness probe
    ready_fail,         // a line of --ready-fail was in its log before it was ready
    unhealthy,          // the health check failed too often
    lease,              // a lease of the run has ended
    restart,            // `restart`
    policy,             // the restart policy
    restart_limit,      // the policy gave up
    not_executed,       // a restart could not execute the command
    replace,            // another start took its name (--replace)
    shell_exit,         // its shell exited, and the answer was to stop it
    guardian_signal,    // SIGTERM or SIGQUIT to the guardian; the event's kind says which
    watch,              // a change on disk
    restart_signal,     // --restart-on
};
// Returns what the record says about a cause; EndedBy::itself when no order of sigmund ended the command.
run::EndedBy ended_by(Cause cause);
// Returns whether the run counts as failed for this cause, whatever its exit status is.
bool is_failure(Cause cause);

struct State {
    Phase phase = Phase::starting;
    Cause cause = Cause::none;
    bool restart_wanted = false;  // a new life begins once the old one has ended
    bool paused = false;
    bool leader_first = false;  // the leader of this life ended before any signal was sent to it
    // What ended this life; unlike `cause`, it is not changed by later requests.
    Cause ended_by = Cause::none;
    bool awaiting_ready = false;  // no life was ready yet, so an end without a restart is a failure
    sys::ExitStatus status;       // the status of this life's leader; known once it has ended
    int exec_error = 0;           // the errno of a restart that could not execute the command
    int restarts = 0;             // all starts after the first
    int recent = 0;               // restarts by the policy since the last healthy life
    Millis backoff = 0;           // the next pause in ms; 0: the policy's minimum
    Millis life_started = 0;
    Millis deadline = -1;  // the end of the grace period or of the back-off; -1: none

    bool leader_ended() const { return status.known; }
};

struct Policy {
    run::RestartPolicy restart;
    Millis grace =
        run::usual_grace;     // ms between the stop signal and SIGKILL, unless a request gives another value
    bool wait_ready = false;  // the run counts as started only after EventKind::ready
    bool stay = false;        // a command that has ended is started again after the next change (--watch)
    bool terminal = false;    // the command has a terminal of its own
    bool at_once = false;     // the first restart after a healthy life has no pause (--pool)
};

enum class EventKind : std::uint8_t {
    executed,       // the command has been executed
    not_executed,   // it could not be executed; `error` tells why
    leader_exited,  // `status`
    empty,          // no process of this life is left; leader_exited came before
    stop,           // end the run gracefully, with `cause` and `grace`
    kill,           // kill the run now
    restart,  // end this life gracefully and start again, with `cause`; a failure is a restart by the policy
    pause,
    resume,
    deadline,  // `now` has reached the deadline of the state
    ready,     // the command is ready
    looked,    // nothing prevents the next life (see StartLook)
};
inline constexpr int event_count = 12;

struct Event {
    EventKind kind;
    sys::ExitStatus status = {};
    int error = 0;
    Cause cause = Cause::none;
    Millis grace = -1;         // -1: the grace of the policy
    Millis lasted = -1;        // for how many ms this life was healthy; -1: since it began
    std::uint32_t random = 0;  // for the jitter of the back-off
};

// Bits. The orders are carried out in this order.
enum Order : unsigned {
    order_none = 0,
    order_pause = 1U << 0,      // SIGSTOP to every process
    order_resume = 1U << 1,     // SIGCONT to every process
    order_terminate = 1U << 2,  // the stop signal, then SIGCONT, to the group and to each process outside it
    order_sweep = 1U << 7,      // the same to processes that were forked since
    order_kill = 1U << 3,       // SIGKILL to every process, repeated until none is left
    order_start = 1U << 4,      // start a new leader
    order_save = 1U << 5,       // the visible state has changed: write the record
    order_finish = 1U << 6,     // the run has ended: write the result, answer, exit
};

struct Step {
    State state;
    unsigned orders = order_none;
};

// Returns the next state and orders. `now` is in monotonic ms. An event that does not apply to the state
// changes nothing.
Step step(const State& state, const Event& event, Millis now, const Policy& policy);

// Returns whether the policy starts the command again after this exit status.
bool restart_due(const run::RestartPolicy& policy, const sys::ExitStatus& status);
// next_backoff() returns the pause in ms after `previous` (0: there was none): twice as long, within the
// bounds of the policy. with_jitter() adds 0 to 25 % to it, never beyond the maximum.
Millis next_backoff(const run::RestartPolicy& policy, Millis previous);
Millis with_jitter(const run::RestartPolicy& policy, Millis backoff, std::uint32_t random);

}  // namespace sigmund::guard
