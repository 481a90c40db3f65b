// SPDX-License-Identifier: Apache-2.0
// The process groups of a run, for those who signal a group by its number.
#pragma once
#include <vector>

#include "run/census.hpp"

namespace sigmund::ops {

// The groups that the run's leaders founded: the first leader's, and of a pipe or a pool those of its stages
// and workers. Each one holds a living process that is proven to be of the run, so its number cannot belong
// to anybody else; that its leader has ended does not matter. Never 0, 1 or a negative number.
std::vector<pid_t> proven_groups(const run::Record& record, const run::Census& census);

}  // namespace sigmund::ops
