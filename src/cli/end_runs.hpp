// SPDX-License-Identifier: Apache-2.0
// What `stop` and `kill` share: they end runs, and report how that went.
#pragma once
#include <optional>
#include <string>

#include "cli/args.hpp"
#include "ops/stop.hpp"
#include "run/project_gate.hpp"

namespace sigmund::cli {

// Ends all targets of `args` at once. Returns the exit status.
int end_runs(const Args& args, const ops::StopRequest& request);

// Closes the gate of a project to each `up` that is at work, and returns it (run/project_gate). What cannot be closed is
// told, and does not keep runs from being stopped: `exit` is then 1.
std::optional<run::ProjectGate> close_gate(const run::View& view, const std::string& project, int& exit);

// Says how each stop went, unless JSON is asked for, and takes back the notices about these ends. Returns the exit status.
int tell_stopped(const Args& args, const run::View& view, const std::vector<ops::StopOutcome>& outcomes);

}  // namespace sigmund::cli
