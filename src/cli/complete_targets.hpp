// SPDX-License-Identifier: Apache-2.0
// The candidates that come from the runs: targets in all their forms, names, tags.
#pragma once
#include <string_view>
#include <vector>

#include "cli/complete.hpp"

namespace sigmund::cli {

// Names first, then ids, tags, and the forms for several runs; behind a colon the ports. `kind` is
// live_target, finished_target or any_target; `typed` is what stands there already.
std::vector<Candidate> target_candidates(run::Kind kind, std::string_view typed, const Source& source);
// Names that runs have or had.
std::vector<Candidate> name_candidates(std::string_view typed, const Source& source);
// Tags that runs have.
std::vector<Candidate> tag_candidates(const Source& source);

}  // namespace sigmund::cli
