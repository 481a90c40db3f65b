// SPDX-License-Identifier: Apache-2.0
// What happens when a shell exits, and whether the prompt reports runs that have ended. The environment
// overrides the configuration.
#pragma once
#include "ops/exit_prompt.hpp"

namespace sigmund::cli {

// Reads SIGMUND_ON_EXIT, SIGMUND_ON_EXIT_NOTTY and SIGMUND_EXIT_TIMEOUT, and else the configuration. An
// invalid value counts as not given, since the exit of a shell must not fail.
ops::ExitPolicy exit_policy();
// Returns the setting `notify` of [shell]: whether the prompt reports runs that have ended. The default is
// true.
bool tells_of_ends();

}  // namespace sigmund::cli
