// SPDX-License-Identifier: Apache-2.0
// Starting a run: an id is reserved, the guardian is forked, and its one reply tells how it went.
#pragma once
#include <signal.h>

#include <string>
#include <vector>

#include "run/record.hpp"
#include "run/spec.hpp"
#include "run/store.hpp"

namespace sigmund::ops {

struct LaunchRequest {
    run::Spec spec;
    bool replace = false;         // a live run of that name is stopped first
    bool launcher_stays = false;  // for --wait and --tail: the guardian must not be a child of this process
};

// Starts the run, and returns its record as it was written. Throws run::Failure: name taken (1), not started
// (125), not executable (126), not found (127); then nothing runs and nothing is left in the store.
run::Record launch(LaunchRequest request);

// Makes the folder that the command runs in absolute, and finds its project. No folder means this one. Throws
// Failure.
void resolve_cwd(run::Spec& spec);

}  // namespace sigmund::ops
