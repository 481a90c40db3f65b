// SPDX-License-Identifier: Apache-2.0
// Help texts, made from the tables of verbs and options.
#pragma once
#include <cstddef>
#include <string>

#include "cli/commands.hpp"

namespace sigmund::cli {

std::string short_help();  // what `sigmund` without words prints
// Returns the tables for programs, one line for each row, with fields separated by TAB: verb NAME ALIAS TAKES
// HELP, or option VERB --NAME -LETTER VALUE METAVAR HELP. An empty field is a dash.
std::string porcelain_help();
// The functions below make no line that is wider than `columns`, or than 80 where `columns` is larger or 0.
std::string full_help(std::size_t columns = 0);  // what `sigmund --help` prints
std::string verb_help(const Verb& verb, std::size_t columns = 0);

}  // namespace sigmund::cli
