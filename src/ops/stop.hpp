// SPDX-License-Identifier: Apache-2.0
// Ending runs: one request to each guardian at once, then one poll over all answers. A run whose guardian is
// gone is ended from its record, with its identity proven and every process pinned by a pidfd.
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
    std::optional<sys::Millis> grace = {};     // nothing: the run's own
    int signal = 0;                            // 0: the run's own stop signal
    run::EndedBy reason = run::EndedBy::stop;  // what it is for: stop, replace or shell_exit
};

// What became of one target, with proof.
struct StopOutcome {
    run::Record record;
    run::Outcome outcome;  // stopped, killed, already_ended, survivors, refused or denied
    std::string why;       // for people, when it went wrong
    std::string hint;      // the command that ends what this user may not signal
    run::Exit exit = run::Exit::done;
    // All of these are observed: a signal was sent without an error; a process was seen to end, after SIGKILL
    // (killed) or without it (exited).
    std::vector<pid_t> signalled, exited, killed, survivors;
    int unlisted = 0;               // so many more have ended than are in the lists (1,000 at most)
    std::vector<Suspect> suspects;  // its guardian was gone, and these may be of the run: exit is `remaining`
    int escaped = 0;                // so many of its processes had left its process groups
    sys::Millis took_ms = 0;
};

// Stops all of them in parallel. The outcomes are in the order of `runs`.
std::vector<StopOutcome> stop(const run::View& view, const std::vector<run::Judged>& runs,
                              const StopRequest& request);

// Sends SIGKILL to all proven members of a run whose guardian is gone, until none is left or 5 s have passed.
void kill_members(const run::Record& record);

}  // namespace sigmund::ops
