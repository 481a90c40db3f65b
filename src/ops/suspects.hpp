// SPDX-License-Identifier: Apache-2.0
// Without its guardian a run may have processes that nothing proves to be its own: they have left its
// session, and their environment no longer carries its key. They are looked for by what little they have in
// common. The user is told of these suspects, and they are never signalled.
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

// Finds processes of `user` (the owner of the store) that were started after the run, were adopted by a
// reaper when their parent ended, lead or follow a session of their own without a terminal, and carry no key
// of any run. Those that the roster has pinned are left out.
std::vector<Suspect> find_suspects(const run::Record& record, const run::Census& census, Roster& roster,
                                   uid_t user);

// "its guardian had been killed, and these processes may be of it, which cannot be proven: 4012 (ign.sh,
// started 2s after it)".
std::string suspects_text(const std::vector<Suspect>& suspects);

}  // namespace sigmund::ops
