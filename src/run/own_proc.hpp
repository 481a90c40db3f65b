// SPDX-License-Identifier: Apache-2.0
// The condition of every proof: /proc shows the processes of this PID namespace.
#pragma once
#include <string>

#include "run/failure.hpp"

namespace sigmund::run {

struct ProcProblem {
    std::string what, hint;  // `what` is empty when there is no such problem
};
// Returns what is wrong with /proc, and the way out.
ProcProblem proc_problem();

// Throws a Failure with this exit status when the numbers in /proc are not those of this namespace.
void require_own_proc(Exit exit);

}  // namespace sigmund::run
