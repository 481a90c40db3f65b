// SPDX-License-Identifier: Apache-2.0
// Help, rendered from the one table.
#pragma once
#include <string>

#include "cli/commands.hpp"

namespace sigmund::cli {

std::string short_help();  // a bare `sigmund`
std::string full_help();   // --help
// The one table for programs, a line each: verb NAME ALIAS TAKES HELP; option VERB --NAME -LETTER VALUE
// METAVAR HELP.
std::string porcelain_help();
std::string verb_help(const Verb& verb);

}  // namespace sigmund::cli
