// SPDX-License-Identifier: Apache-2.0
// The table of verbs and their options, which the parser, --help, the manual and the completion read. The
// options of a start are in run/option_rows.hpp.
#pragma once
#include <span>
#include <string_view>

#include "run/option.hpp"
#include "text/named.hpp"

namespace sigmund::cli {

struct Args;
using run::Option;
using run::Value;

// Which runs the targets of a verb may be. The completion offers no others.
enum class Takes : unsigned char { nothing, command, live, finished, adoptable, any_run };
inline constexpr text::Named<Takes> takes_words[] = {
    {Takes::nothing, "nothing"},   {Takes::command, "command"},     {Takes::live, "live"},
    {Takes::finished, "finished"}, {Takes::adoptable, "adoptable"}, {Takes::any_run, "any"},
};

struct Verb {
    std::string_view name;
    std::string_view alias = {};     // a shorter name; empty: none
    std::string_view synopsis = {};  // what follows the name in its usage line
    std::string_view help;           // one line
    Takes takes = Takes::nothing;    // command: the first word that is not an option begins the command
    std::span<const Option> options;
    int (*run)(const Args&);
    bool command_behind = false;  // the words after -- are a command, not more targets
    // Whether it only reads, so that a name may mean the only live run that has it in another project.
    bool other_projects = false;
    bool hidden = false;  // for the shell hooks, not for people: it is in no list of verbs
    // Whether it starts a run. A failure of sigmund itself then exits with 125, as in env(1) and timeout(1).
    bool starts_run = false;
    // What its positionals are, in order; the last one describes all that follow. Empty: as `takes` says.
    std::span<const run::Choices> places = {};
    std::string_view more =
        {};  // sentences that its help shows below the first line; each line ends with a newline
};

std::span<const Verb> verbs();
// Finds a verb by its name or its alias. Returns nullptr when there is none.
const Verb* find_verb(std::string_view word);
// Returns `run`, which is also used when no verb is typed.
const Verb& launch_verb();

}  // namespace sigmund::cli
