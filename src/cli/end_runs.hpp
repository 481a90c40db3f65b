// SPDX-License-Identifier: Apache-2.0
// What `stop` and `kill` share: they end runs, and report how that went.
#pragma once
#include "cli/args.hpp"
#include "ops/stop.hpp"

namespace sigmund::cli {

// Ends all targets of `args` at once. Returns the exit status.
int end_runs(const Args& args, const ops::StopRequest& request);

}  // namespace sigmund::cli
