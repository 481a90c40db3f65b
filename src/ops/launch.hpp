// SPDX-License-Identifier: Apache-2.0
// Starting a run: reserve an id, fork its guardian, hear once how it went.
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
    bool launcher_stays = false;  // --wait, --tail: the guardian must be nobody's child
};

// Starts the run and returns its record as written. Throws run::Failure: name taken (1), not started (125),
// not executable (126), not found (127); then nothing runs and nothing is left in the store.
run::Record launch(LaunchRequest request);

// The folder the command runs in and its project, absolute, from what was asked (empty: here). Throws
// Failure.
void resolve_cwd(run::Spec& spec);

}  // namespace sigmund::ops
