// SPDX-License-Identifier: Apache-2.0
// Who may have sent a SIGKILL: what the kernel's log, the run's limits and its callers tell of it.
#pragma once
#include <vector>

#include "ops/explain.hpp"

namespace sigmund::ops {

// The causes of a run's end by SIGKILL, those that are proven first. What cannot be known is said in the
// evidence.
std::vector<Cause> causes_of_kill(const run::Record& record);

// Of a run whose guardian is gone as well: the kernel's words on any of them, if there are any.
std::vector<Cause> causes_of_loss(const run::Record& record);

}  // namespace sigmund::ops
