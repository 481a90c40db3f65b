// SPDX-License-Identifier: Apache-2.0
// Reads the words of a command line as the parser of arguments does, but accepts unknown and unfinished ones.
#pragma once
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "kin/tool.hpp"

namespace sigmund::cli {

// What a verb or a companion tool takes, from whichever table.
struct Grammar {
    std::vector<Option> options;
    std::vector<run::Choices> places;  // the positionals; the last one describes all that follow
    bool command = false;              // the first word that is not an option begins a command line
    bool command_behind = false;       // `--` begins a command line
    bool stages = false;               // `|` in that command line begins another one

    const Option* by_name(std::string_view name) const;  // nullptr: none
    const Option* by_letter(char letter) const;
};
Grammar grammar_of(const Verb& verb);
Grammar grammar_of(const kin::Tool& tool);
// Returns the grammar of `help`, which is not a verb in the table.
Grammar grammar_of_help();

// What is on the line already, on either side of the cursor.
struct Present {
    std::vector<std::string> positionals;
    std::set<std::string, std::less<>> options;  // by their long names
    std::string project;                         // the value of --project
};

// The command line, as far as it decides what can be at the cursor.
struct Line {
    Grammar grammar;
    bool first = false;                     // the cursor is where a verb can be
    std::optional<Option> open;             // the word at the cursor is the value of this option
    bool options_over = false;              // there is a `--` before the cursor
    bool redirected = false;                // the word at the cursor is the file of a redirection
    std::optional<std::size_t> command_at;  // a command line begins at this word
    std::size_t place = 0;                  // the number of positionals before the cursor
    Present present;
};
// Reads the line. `plain` are the words without their quotes, `typed` the same words as they were typed,
// since a quoted `>` is not a redirection. `at`, the word at the cursor, must be less than their number.
Line read_line(std::span<const std::string> plain, std::span<const std::string> typed, std::size_t at);

}  // namespace sigmund::cli
