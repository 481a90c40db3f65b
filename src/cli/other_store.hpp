// SPDX-License-Identifier: Apache-2.0
// Commands that are shown to the user for runs that are in another store than the one of the moment.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::cli {

// Returns the command as it is typed to reach the store of `view`. Its text may be written to a terminal. `here` is the store of the moment.
std::string command_in(const run::View& view, const run::View& here, const std::string& command);
// Returns the commands that list the runs in the stores of these views, each store once. It names at most three
// stores, and says how many more there are.
std::string list_commands(const std::vector<const run::View*>& views, const run::View& here);

}  // namespace sigmund::cli
