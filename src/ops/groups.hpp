// SPDX-License-Identifier: Apache-2.0
// The process groups of a run, for people who signal a group by its number.
#pragma once
#include <vector>

#include "run/census.hpp"

namespace sigmund::ops {

// The groups that the leaders of the run founded: that of the first leader, and for a pipe or a pool those of
// its stages and workers. Each holds a living process that is proven to be of the run, so that its number
// cannot belong to another group, even when its leader has ended. Never 0, 1 or a negative number.
std::vector<pid_t> proven_groups(const run::Record& record, const run::Census& census);

}  // namespace sigmund::ops
