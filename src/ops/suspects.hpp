// SPDX-License-Identifier: Apache-2.0
// Finds suspects: without its guardian a run may have processes that nothing proves to be its own, since they
// have left its session and their environment no longer has its key. They are recognized by what they have in
// common. The user is told about them; they are never signalled.
#pragma once
#include <string>
#include <vector>

#include "ops/members.hpp"

namespace sigmund::ops {

struct Suspect {
    pid_t pid = 0;
    std::string command;
    sys::Millis after_ms = 0;  // how long after the run it was started, in ms
};

// Returns the processes of `user` (the owner of the store) that were started after the run, were adopted by a
// reaper when their parent ended, have no terminal, lead or follow a session of their own, and do not have
// the key of another run. Processes that the roster has pinned are left out.
std::vector<Suspect> find_suspects(const run::Record& record, const run::Census& census, Roster& roster,
                                   uid_t user);

// Returns a sentence: "its guardian had been killed, and these processes may belong to the run, which cannot
// be proven: 4012 (ign.sh, started 2s after it)".
std::string suspects_text(const std::vector<Suspect>& suspects);

}  // namespace sigmund::ops
