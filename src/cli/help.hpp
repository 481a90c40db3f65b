// SPDX-License-Identifier: Apache-2.0
// Help, as the tables of verbs and options have it.
#pragma once
#include <string>

#include "cli/commands.hpp"

namespace sigmund::cli {

std::string short_help();  // what `sigmund` without words prints
std::string full_help();   // what `sigmund --help` prints
// The tables for programs, one line for each row, its fields separated by TAB: verb NAME ALIAS TAKES HELP, or
// option VERB --NAME -LETTER VALUE METAVAR HELP. What there is not is a dash.
std::string porcelain_help();
std::string verb_help(const Verb& verb);

}  // namespace sigmund::cli
