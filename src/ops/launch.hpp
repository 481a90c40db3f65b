// SPDX-License-Identifier: Apache-2.0
// Starts a run: reserves an id, forks the guardian, and reads its single reply, which tells whether the
// command started.
#pragma once
#include <signal.h>

#include <string>
#include <vector>

#include "ops/start_guardian.hpp"
#include "run/port_lock.hpp"
#include "run/record.hpp"
#include "run/spec.hpp"
#include "run/store.hpp"

namespace sigmund::ops {

struct LaunchRequest {
    run::Spec spec;
    bool replace = false;          // stop a live run of that name first
    bool launcher_stays = false;   // for --wait and --tail: the guardian must not be a child of this process
    run::PortLock port_lock = {};  // of spec.port, if it was reserved before
    // With a terminal: the guardian's ends of a stream and of a control connection for a viewer that is attached from
    // the beginning (Attachment::to_start).
    sys::Fd viewer = {}, viewer_channel = {};
    // What is printed when nothing else is left to do: then launch() may print it, and end this process.
    PartingWordsOf parting = {};
};

// Starts the run, and returns its record as it was written. Throws run::Failure: name taken (1), not started
// (125), not executable (126) or not found (127); then nothing runs and nothing is left in the store.
run::Record launch(LaunchRequest request);

// Returns the record of a run that was just launched as its guardian has written it, with the identity of the leader.
// Throws Failure when it cannot be read, although this is tried again: the run goes on then.
run::Record as_written(const run::Store& store, const run::Record& launched);

}  // namespace sigmund::ops
