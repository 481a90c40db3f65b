// SPDX-License-Identifier: Apache-2.0
// What the shell kit does when a shell exits, and whether it tells of runs that have ended: the environment
// goes before the configuration.
#pragma once
#include "ops/exit_prompt.hpp"

namespace sigmund::cli {

// SIGMUND_ON_EXIT, SIGMUND_ON_EXIT_NOTTY, SIGMUND_EXIT_TIMEOUT over the configuration. A value that is none
// of its kind counts as not given: a shell's exit is no place to fail.
ops::ExitPolicy exit_policy();
// [shell] notify: whether the prompt tells of runs that have ended; true unless it says otherwise.
bool tells_of_ends();

}  // namespace sigmund::cli
