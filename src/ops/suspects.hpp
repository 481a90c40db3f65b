// SPDX-License-Identifier: Apache-2.0
// Without its guardian a run may have processes that nothing proves: they have left its session, and their
// environment no longer carries its key. They are looked for by what little they have in common, told to the
// user, and never signalled.
#pragma once
#include <string>
#include <vector>

#include "ops/members.hpp"

namespace sigmund::ops {

struct Suspect {
    pid_t pid = 0;
    std::string command;
    sys::Millis after_ms = 0;  // how long after the run it was started
};

// Processes of the run's user, started since the run was, that were adopted by a reaper when their parent
// ended, lead or follow a session of their own without a terminal, and carry no key of any run. `user`: the
// store's owner. What the roster has pinned is left out.
std::vector<Suspect> find_suspects(const run::Record& record, const run::Census& census, Roster& roster,
                                   uid_t user);

// "processes that cannot be proven to be of this run may be left: 4012 (ign.sh, started 2s after it)".
std::string told(const std::vector<Suspect>& suspects);

}  // namespace sigmund::ops
