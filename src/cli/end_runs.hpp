// SPDX-License-Identifier: Apache-2.0
// What `stop` and `kill` share: they end runs, and tell how it went.
#pragma once
#include "cli/args.hpp"
#include "ops/stop.hpp"

namespace sigmund::cli {

// Ends the targets of `args`, all at once, and returns the exit status.
int end_runs(const Args& args, const ops::StopRequest& request);

}  // namespace sigmund::cli
