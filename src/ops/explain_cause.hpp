// SPDX-License-Identifier: Apache-2.0
// The two kinds of ends: a command ends by itself, or sigmund ends it.
#pragma once
#include <vector>

#include "ops/explain.hpp"

namespace sigmund::ops {

// Returns the causes when the command ended without being told to by sigmund. Empty when its status is not known.
std::vector<Cause> causes_by_itself(const run::Record& record);

// Returns why sigmund ended the run, or its last life. Of what was requested, the request is the evidence.
Cause cause_by_sigmund(const run::Record& record, const run::EndedBy& by);

// Adds how the leader ended after sigmund had told it to.
void add_leader(const run::Record& record, const run::EndedBy& by, Cause& cause);

}  // namespace sigmund::ops
