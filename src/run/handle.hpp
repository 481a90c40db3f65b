// SPDX-License-Identifier: Apache-2.0
// The word that names a run in a command which a hint gives.
#pragma once
#include <string>

#include "run/target.hpp"

namespace sigmund::run {

// Returns what names, @here and @shell mean in the current folder.
Surroundings surroundings_here();

// Returns the name of the run, unless that means another run or none where the command is typed; then its id.
std::string handle(const View& view, const Record& record, const Surroundings& around);
// The same for a command that is typed in the current folder.
std::string handle(const View& view, const Record& record);

}  // namespace sigmund::run
