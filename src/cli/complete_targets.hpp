// SPDX-License-Identifier: Apache-2.0
// The candidates that come from the runs: targets in all their forms, names and tags.
#pragma once
#include <string_view>
#include <vector>

#include "cli/complete.hpp"

namespace sigmund::cli {

// Returns names first, then ids, tags, and the forms for several runs; after a colon, the ports. `kind` is
// live_target, finished_target, adoptable_target or any_target; `typed` is the target as far as it has been typed. A run
// of another project is offered by its id and, if no other run has its name, also by that.
std::vector<Candidate> target_candidates(run::Kind kind, std::string_view typed, const Source& source);
// Returns the names that runs have or had.
std::vector<Candidate> name_candidates(std::string_view typed, const Source& source);
// Returns the tags that runs have.
std::vector<Candidate> tag_candidates(const Source& source);

}  // namespace sigmund::cli
