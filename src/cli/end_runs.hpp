// SPDX-License-Identifier: Apache-2.0
// What `stop` and `kill` share: they end runs, and report how that went.
#pragma once
#include "cli/args.hpp"
#include "ops/stop.hpp"

namespace sigmund::cli {

// Ends all targets of `args` at once. Returns the exit status.
int end_runs(const Args& args, const ops::StopRequest& request);

// Says how each stop went, unless JSON is asked for, and takes back the notices about these ends. Returns the exit status.
int tell_stopped(const Args& args, const run::View& view, const std::vector<ops::StopOutcome>& outcomes);

}  // namespace sigmund::cli
