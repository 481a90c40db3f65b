// SPDX-License-Identifier: Apache-2.0
// What may have sent a SIGKILL, as the log of the kernel, the limits of the run and its callers tell.
#pragma once
#include <vector>

#include "ops/explain.hpp"

namespace sigmund::ops {

// The causes of a run's end by SIGKILL, those that are proven first. What cannot be known is said in the
// evidence.
std::vector<Cause> causes_of_kill(const run::Record& record);

// For a run whose guardian is gone as well: what the kernel says of any of its processes, if it says
// anything.
std::vector<Cause> causes_of_loss(const run::Record& record);

}  // namespace sigmund::ops
