// SPDX-License-Identifier: Apache-2.0
// The state of a run in the words of a table.
#pragma once
#include <string>

#include "run/verdict.hpp"

namespace sigmund::run {

// Returns the state, with the result of a finished run: "exited 0", "killed SIGSEGV", "running".
std::string state_text(const Judged& run);

// g: live and healthy; y: live, but needs attention; r: ended with a failure; d: over.
char mood_of(const Judged& run);

}  // namespace sigmund::run
