// SPDX-License-Identifier: Apache-2.0
// What a user is told about a start that failed. Each of these is a Failure for a command that does not run.
#pragma once
#include <string>

#include "guard/plan.hpp"
#include "run/failure.hpp"
#include "run/spec.hpp"

namespace sigmund::ops {

// Throws the Failure (125) "WHAT: the text of errno `error`".
[[noreturn]] void not_started(const std::string& what, int error, const std::string& hint = {});

// Returns the Failure of a start whose guardian was killed, and whose processes have been ended.
run::Failure killed_during_start();

// Throws the Failure for the reply of a guardian that could not start the command: 125, 126 (not executable) or
// 127 (not found).
[[noreturn]] void report(const guard::StartReply& reply, const run::Spec& spec);

}  // namespace sigmund::ops
