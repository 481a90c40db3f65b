// SPDX-License-Identifier: Apache-2.0
// Ending, signalling and pausing runs: one request to each guardian at once, then one poll over all answers;
// without a guardian, from the record, with identity proven and every process pinned by a pidfd.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/suspects.hpp"
#include "run/census.hpp"
#include "run/failure.hpp"
#include "run/outcome.hpp"
#include "run/reach.hpp"
#include "run/store.hpp"

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
    // All observed: a signal was sent without an error, a process was seen to end (after SIGKILL: killed).
    std::vector<pid_t> signalled, exited, killed, survivors;
    int unlisted = 0;               // so many more have ended than the lists have (1,000 at most)
    std::vector<Suspect> suspects;  // its guardian was gone, and these may be of it: exit is `remaining`
    int escaped = 0;
    sys::Millis took_ms = 0;
};

// All in parallel. In the order of `records`.
std::vector<StopOutcome> stop(const run::Store& store, const std::vector<run::Record>& records,
                              const StopRequest& request);

enum class Deed : std::uint8_t { signal, pause, resume, restart };
struct DeedOutcome {
    run::Outcome outcome;  // done, not_running, refused, denied, failed, or no_guardian (restart)
    std::string why;
    run::Exit exit = run::Exit::done;
    int reached = 0;
    pid_t pid = 0;                  // restart: the new leader
    std::vector<Suspect> suspects;  // those that may be of the run and were not reached
};
// One deed on one run. `reach` is for a signal.
DeedOutcome perform(const run::Store& store, const run::Record& record, Deed deed, int signal = 0,
                    run::Reach reach = run::Reach::group, std::optional<sys::Millis> grace = {});

// SIGKILL to all proven members of a run whose guardian is gone, until none is left or 5 s have passed.
void kill_members(const run::Record& record);

}  // namespace sigmund::ops
