// SPDX-License-Identifier: Apache-2.0
// Help texts, made from the tables of verbs and options.
#pragma once
#include <string>

#include "cli/commands.hpp"

namespace sigmund::cli {

std::string short_help();  // what `sigmund` without words prints
std::string full_help();   // what `sigmund --help` prints
// Returns the tables for programs, one line for each row, with fields separated by TAB: verb NAME ALIAS TAKES
// HELP, or option VERB --NAME -LETTER VALUE METAVAR HELP. An empty field is a dash.
std::string porcelain_help();
std::string verb_help(const Verb& verb);

}  // namespace sigmund::cli
