// SPDX-License-Identifier: Apache-2.0
// What `signal`, `pause` and `resume` share: one operation on each of several runs.
#pragma once
#include <string>
#include <vector>

#include "cli/args.hpp"
#include "ops/perform.hpp"

namespace sigmund::cli {

// Performs the operation on the runs that `words` name, one after the other, and reports what went wrong.
// Returns the exit status.
int perform_on_runs(const Args& args, const std::vector<std::string>& words, const ops::Deed& deed);

}  // namespace sigmund::cli
