// SPDX-License-Identifier: Apache-2.0
// The one table of verbs and options. The parser, --help, the man pages and the completions' drift test read
// it.
#pragma once
#include <span>
#include <string_view>

#include "run/choices.hpp"

namespace sigmund::cli {

struct Args;

enum class Value : unsigned char {
    none,      // a flag
    required,  // --opt VALUE, --opt=VALUE
    optional,  // --opt or --opt=VALUE
};

struct Option {
    std::string_view name;  // long, without dashes
    char letter;            // 0: none
    Value value;
    std::string_view metavar;  // what help calls the value
    std::string_view help;
    bool repeatable = false;
    run::Choices choices = {};  // what its value may be; of a flag: nothing
};

// Which runs a verb's targets may be: completions offer no others.
enum class Takes : unsigned char { nothing, command, live, finished, any_run };

struct Verb {
    std::string_view name;
    std::string_view alias;     // what fingers type; empty: none
    std::string_view synopsis;  // behind the name
    std::string_view help;      // one line
    Takes takes;
    std::span<const Option> options;
    int (*run)(const Args&);
    bool command_behind = false;  // what follows -- is a command, not more targets
    bool hidden = false;          // for the hooks, not for people: no list of verbs shows it
    // What its positionals are, in their order; the last one stands for all that follow. Empty: what `takes`
    // says.
    std::span<const run::Choices> places = {};
};

std::span<const Verb> verbs();
const Verb* find_verb(std::string_view word);  // by name or alias; nullptr: none
const Verb& launch_verb();                     // `run`, which the short form means too

}  // namespace sigmund::cli
