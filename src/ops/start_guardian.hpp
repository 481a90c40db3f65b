// SPDX-License-Identifier: Apache-2.0
// The launcher starts the guardian and waits for its one reply. There are two ways:
//
//   fork    The guardian is a copy of the launcher. The launcher goes on afterwards.
//   share   The guardian shares the memory of the launcher, which has nothing left to do but to print a text.
//           This takes about half the time. It is for plain runs.
#pragma once
#include <functional>
#include <string>

#include "guard/plan.hpp"

namespace sigmund::ops {

// What a launcher prints at its end.
struct PartingWords {
    std::string said;     // to stderr
    std::string printed;  // to stdout
};
// Returns these words for a record with the pids of its leader.
using PartingWordsOf = std::function<PartingWords(const run::Record&)>;

struct StartOutcome {
    int fork_error = 0;  // errno: there is no guardian
    bool answered = false;
    bool cleaned_up = false;  // the guardian has removed all that the launcher had made for the run
    guard::StartReply reply;
};

// Forks the guardian. With `launcher_stays` the guardian is not a child of this process.
StartOutcome fork_guardian(guard::Plan& plan, bool launcher_stays, const std::function<void()>& in_guardian);

// Returns whether this run may be started in shared memory.
bool may_share(const guard::Plan& plan);
// Starts the guardian in shared memory. Ends this process when the run has started; returns what went wrong,
// or nothing when the kernel refuses to share: then the plan is as it was.
std::optional<StartOutcome> share_with_guardian(guard::Plan& plan, const PartingWordsOf& words);

}  // namespace sigmund::ops
