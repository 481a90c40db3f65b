// SPDX-License-Identifier: Apache-2.0
// What `signal`, `pause` and `resume` share: one deed on each of several runs.
#pragma once
#include <string>
#include <vector>

#include "cli/args.hpp"
#include "ops/stop.hpp"

namespace sigmund::cli {

// Does the deed on the runs that `words` name, one after the other, says what went wrong, and returns the exit
// status. `signal` and `reach` are for Deed::signal.
int perform_on_runs(const Args& args, const std::vector<std::string>& words, ops::Deed deed, int signal = 0,
                    const std::string& reach = "group");

}  // namespace sigmund::cli
