// SPDX-License-Identifier: Apache-2.0
// Signals to a run without its guardian's help: from the record, to proven members only, each pinned by a
// pidfd and looked at once more before it is signalled.
#pragma once
#include <vector>

#include "run/census.hpp"

namespace sigmund::ops {

struct PinnedMember {
    run::Member member;
    sys::Fd pidfd;
};

// The proven living members now, pinned. One whose start time has changed since it was listed is left out.
std::vector<PinnedMember> pin_members(const run::Record& record, run::Census& census);

struct SignalReport {
    std::vector<pid_t> reached;
    int escaped = 0;      // outside the leader's group
    bool denied = false;  // EPERM for at least one
};

// Sends `signal` (then `also`, if not 0), in passes until one finds no member that was not reached before.
SignalReport signal_members(const run::Record& record, run::Census& census, int signal, int also = 0,
                            const std::string& reach = "every");

// To a guardian that lives and does not answer: SIGTERM or SIGQUIT waits for it there, so that it does not
// start again what was ended without it. Whether it could be proven and told. `record` is a full one.
bool tell_guardian(const run::Record& record, const run::Census& census, int signal);

}  // namespace sigmund::ops
