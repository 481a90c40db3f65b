// SPDX-License-Identifier: Apache-2.0
// Waiting for a run to be ready, and saying why it is not.
#pragma once
#include <optional>
#include <string>

#include "ops/wait.hpp"
#include "run/store.hpp"

namespace sigmund::cli {

// Waits until the run is ready: 0, after a note if another process's answer was accepted. Otherwise says why
// not, with its last lines, and returns the exit status: 124 when time ran out, 1 when another process
// answered, else the run's own, 1 if that was 0. `limit` in ms; nothing: as long as the guardian waits.
int await_ready(const run::Store& store, const run::Record& record, bool json,
                std::optional<sys::Millis> limit = {});

// Of a wait that ended without the run being ready: one sentence.
std::string not_ready_text(const ops::WaitOutcome& outcome);

}  // namespace sigmund::cli
