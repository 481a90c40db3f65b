// SPDX-License-Identifier: Apache-2.0
// What `tail`, `dump` and `logs` share: they copy the logs of runs to stdout.
#pragma once
#include "cli/args.hpp"

namespace sigmund::cli {

// Copies the logs of the targets, as the options of `args` say. With `may_follow` it begins with the last
// lines, and continues until the runs have ended; if all targets are forms for several runs, these are the live ones
// then. Returns the exit status.
int copy_logs(const Args& args, bool may_follow);

}  // namespace sigmund::cli
