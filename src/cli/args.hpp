// SPDX-License-Identifier: Apache-2.0
// A command line, parsed against the one table: options by name, positionals, and the untouched command
// behind them.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace sigmund::cli {

struct Args {
    const Verb* verb = nullptr;
    std::map<std::string, std::vector<std::string>, std::less<>> values;  // flags have one empty value each
    std::vector<std::string> words;                                       // positionals: targets
    std::vector<std::string> command;                                     // of a launch
    std::map<std::string, std::string, std::less<>> origins;              // options set by a file: FILE:LINE

    bool has(std::string_view name) const { return values.contains(name); }
    // The last value given; nothing when the option was not.
    std::optional<std::string> value(std::string_view name) const;
    std::vector<std::string> all(std::string_view name) const;
};

// Throws run::Failure (exit 1, code usage) that names the nearest option. `words` are those behind the verb.
// A launch ends at its first word that is no option, or at --.
Args parse_args(const Verb& verb, const std::vector<std::string>& words);

}  // namespace sigmund::cli
