// SPDX-License-Identifier: Apache-2.0
// The process groups of a run, for users who signal a group by its number.
#pragma once
#include <vector>

#include "run/census.hpp"

namespace sigmund::ops {

// Returns the groups that the leaders of the run founded: that of its first leader, and for a pipe or a pool
// those of its stages and workers. Each has a live process that is proven to belong to the run, so the number
// cannot belong to another group even when the leader of the group has ended. Never contains 0, 1 or a
// negative number.
std::vector<pid_t> proven_groups(const run::Record& record, const run::Census& census);

}  // namespace sigmund::ops
