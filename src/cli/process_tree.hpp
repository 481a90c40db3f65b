// SPDX-License-Identifier: Apache-2.0
// The processes of a run, each below its parent.
#pragma once
#include <string>

#include "run/census.hpp"
#include "text/page.hpp"

namespace sigmund::cli {

// Returns a line "PID  COMMAND" for each, which begins with `indent` and two more blanks for each generation. The
// leader, and what has left its group, are named. Commands are cut so that a line has at most `columns` (0: nothing is cut).
text::Page process_tree(const run::Record& record, const run::Census& census, const std::string& indent,
                        std::size_t columns);

}  // namespace sigmund::cli
