// SPDX-License-Identifier: Apache-2.0
// Finds what may have sent a SIGKILL, from the kernel's log, the limits of the run and the recorded requests.
#pragma once
#include <vector>

#include "ops/explain.hpp"

namespace sigmund::ops {

// Returns the causes of a run's end by SIGKILL, the proven ones first. The evidence says what cannot be
// known.
std::vector<Cause> causes_of_kill(const run::Record& record);

// Returns what the kernel's log says about any process of a run whose guardian is gone as well. Empty when it
// says nothing.
std::vector<Cause> causes_of_loss(const run::Record& record);

}  // namespace sigmund::ops
