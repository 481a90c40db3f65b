// SPDX-License-Identifier: Apache-2.0
// A parsed command line, by the tables of options: options by name, positionals, and a command as it was
// typed.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "run/options.hpp"

namespace sigmund::cli {

struct Args {
    const Verb* verb = nullptr;
    std::vector<std::string> words;    // positionals
    std::vector<std::string> command;  // the command of `run`, `pipe` and `guard`

    bool has(std::string_view option) const;
    // Returns the last value given, which is empty for a flag; nothing when the option was not given.
    std::optional<std::string> value(std::string_view option) const;
    // Returns all values in the order given.
    std::vector<std::string> all(std::string_view option) const;

    // Returns whether the option has been decided: given on the line, or set by a file, perhaps to false.
    bool settled(std::string_view option) const;
    // Sets an option of the verb as if it had been given. A flag that is false has no values. `origin` is the
    // FILE:LINE that sets it, or empty.
    void set(std::string_view option, std::vector<std::string> values, std::string origin = {});
    // Returns the origin of an option that a file sets, or else an empty text.
    std::string origin(std::string_view option) const;
    // Returns all options that were given or set.
    std::vector<run::GivenOption> given() const;

  private:
    struct Entry {
        const Option* option;
        std::vector<std::string> values;
        std::string origin;
    };
    const Entry* find(std::string_view option) const;
    std::vector<Entry> entries_;
};

// Parses the words after the verb. For a verb that takes a command, parsing ends at the first word that is
// not an option; for every verb it ends at `--`. Throws run::Failure (exit 1, code usage), which names the
// nearest option.
Args parse_args(const Verb& verb, const std::vector<std::string>& words);

// Returns whether the words, including the verb, ask for JSON. This is found out before parsing, since parse
// errors are printed as JSON, too. The words of a command and the values of options do not count.
bool asks_for_json(const std::vector<std::string>& words);

}  // namespace sigmund::cli
