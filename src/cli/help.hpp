// SPDX-License-Identifier: Apache-2.0
// Help, rendered from the one table.
#pragma once
#include <string>

#include "cli/commands.hpp"

namespace sigmund::cli {

std::string short_help();  // a bare `sigmund`
std::string full_help();   // --help
std::string verb_help(const Verb& verb);

}  // namespace sigmund::cli
