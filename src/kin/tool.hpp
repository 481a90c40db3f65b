// SPDX-License-Identifier: Apache-2.0
// This file describes each companion tool and its options in one table, from which the parser, the help and
// the completions are made.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sigmund::kin {

struct ToolOption {
    const char* name;             // the long name, without its dashes
    char letter;                  // the short name, or '\0'
    const char* value;            // the value that must follow it, or nullptr
    const char* help;             // one line of help
    const char* group = nullptr;  // the heading in the help before this option and the ones that follow
};

struct Tool {
    std::string_view name;
    int (*main)(int argc, char** argv);
    std::string_view takes;  // what follows the options: "command" or "file"
    std::string_view help;
    std::span<const ToolOption> options;
};

// Return all tools, and the tool of this name or nullptr.
std::span<const Tool> tools() noexcept;
const Tool* find_tool(std::string_view name) noexcept;

// Returns the option that this word is, as `--name` or `-letter`, or nullptr.
const ToolOption* find_option(std::span<const ToolOption> options, std::string_view word) noexcept;
// Returns one line for each option, under the headings of the groups.
std::string option_lines(std::span<const ToolOption> options);

// Returns the number that getopt_long returns for an option of `options`: its letter, or a number above all
// characters.
constexpr int option_code(const ToolOption& option, std::size_t index) {
    return option.letter != '\0' ? option.letter : 256 + static_cast<int>(index);
}
// The same by name. A name that does not exist is a compile-time error.
consteval int option_code(std::span<const ToolOption> options, std::string_view name) {
    for (std::size_t i = 0; i < options.size(); ++i)
        if (options[i].name == name) return option_code(options[i], i);
    throw "no such option";
}

}  // namespace sigmund::kin
