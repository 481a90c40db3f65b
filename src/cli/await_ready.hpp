// SPDX-License-Identifier: Apache-2.0
// Waits for a run to be ready, and says why it is not.
#pragma once
#include <optional>
#include <string>

#include "ops/wait.hpp"
#include "run/view.hpp"

namespace sigmund::cli {

// Waits until the run is ready, and returns 0; prints a note if an answer of another process was accepted.
// Otherwise says why it is not ready, prints its last lines, and returns the exit status: 124 when time ran
// out, 1 when another process answered, else the run's own, or 1 if that was 0. `limit` is in ms; without it,
// it waits as long as the guardian does.
int await_ready(const run::View& view, const run::Record& record, bool json,
                std::optional<sys::Millis> limit = {});

// Prints the last lines of its log to stderr, which usually tell best why it is not ready: as a terminal would show
// them, without the sequences that act on one. `title` is said before them. Lines that contain `told` are left out; empty:
// none. Returns whether there are any.
bool tell_last_lines(const run::Store& store, const run::Record& record, const std::string& title = {},
                     std::size_t most = 20, const std::string& told = {});

// Returns one sentence about a wait that ended before the run was ready.
std::string not_ready_text(const ops::WaitOutcome& outcome);

}  // namespace sigmund::cli
