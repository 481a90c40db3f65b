// SPDX-License-Identifier: Apache-2.0
// Stops runs: sends a request to each guardian at once, then polls for all answers. A run whose guardian is
// gone is ended from its record, once its identity is proven and every process is pinned by a pidfd.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/suspects.hpp"
#include "run/failure.hpp"
#include "run/outcome.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

struct StopRequest {
    bool now = false;                          // SIGKILL at once
    std::optional<sys::Millis> grace = {};     // ms; empty: the run's own
    int signal = 0;                            // 0: the run's own stop signal
    run::EndedBy reason = run::EndedBy::stop;  // why it is stopped: stop, replace or shell_exit
    int interrupt =
        -1;  // of stop_in_order(): a descriptor; when it is readable, the stops are not waited for any more
};

// The outcome of one target. All of it is observed, nothing is guessed.
struct StopOutcome {
    run::Record record;
    run::Outcome outcome;  // stopped, killed, already_ended, not_started, survivors, refused or denied
    std::string why;       // for people, when the stop did not succeed
    std::string hint;      // the command that ends the processes that this user may not signal
    run::Exit exit = run::Exit::done;
    // The processes that a signal was sent to without an error, those that were seen to end without SIGKILL
    // (exited) or after it (killed), and those still there. What its own parent has reaped was signalled, and counts as
    // exited, or as killed if nothing but SIGKILL was sent.
    std::vector<pid_t> signalled, exited, killed, survivors;
    int unlisted = 0;  // how many more have ended than the lists name (they hold up to 1,000)
    // Processes that may belong to the run, when it had no guardian; `exit` is then `remaining`.
    std::vector<Suspect> suspects;
    int escaped = 0;  // how many of its processes had left its process groups
    sys::Millis took_ms = 0;
};

// Stops all of them in parallel. Returns the outcomes in the order of `runs`.
std::vector<StopOutcome> stop(const run::View& view, const std::vector<run::Judged>& runs,
                              const StopRequest& request);

// The same, but a run is stopped only when those that `after` names for it, by their numbers in `runs`, are over or
// could not be stopped. `after` must have no circles. After an interrupt some have no outcome (Outcome::none): those that
// are still being stopped, and those that nothing was done to, whose record is empty then.
std::vector<StopOutcome> stop_in_order(const run::View& view, const std::vector<run::Judged>& runs,
                                       const std::vector<std::vector<std::size_t>>& after,
                                       const StopRequest& request);

// Sends SIGKILL to all proven processes of a run whose guardian is gone, until none is left or 5 s have
// passed.
void kill_members(const run::Record& record);

}  // namespace sigmund::ops
