// SPDX-License-Identifier: Apache-2.0
// What each of the kindred tools is and takes: one table for its parser, its help and the completions.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sigmund::kin {

struct ToolOption {
    const char* name;             // the long one, without its dashes
    char letter;                  // the short one, or '\0'
    const char* value;            // what must follow it, or nullptr
    const char* help;             // a line
    const char* group = nullptr;  // what the help says before this and those behind it
};

struct Tool {
    std::string_view name;
    int (*main)(int argc, char** argv);
    std::string_view takes;  // behind the options: "command" or "file"
    std::string_view help;
    std::span<const ToolOption> options;
};

std::span<const Tool> tools() noexcept;
const Tool* find_tool(std::string_view name) noexcept;

// The option that this word is, as `--name` or `-letter`, or nullptr.
const ToolOption* find_option(std::span<const ToolOption> options, std::string_view word) noexcept;
// A line for each option, under the headings of the groups.
std::string option_lines(std::span<const ToolOption> options);

// The number by which getopt_long knows an option of `options`: its letter, or one beyond all characters.
constexpr int option_code(const ToolOption& option, std::size_t index) {
    return option.letter != '\0' ? option.letter : 256 + static_cast<int>(index);
}
// By name; one that does not exist is an error of the compiler.
consteval int option_code(std::span<const ToolOption> options, std::string_view name) {
    for (std::size_t i = 0; i < options.size(); ++i)
        if (options[i].name == name) return option_code(options[i], i);
    throw "no such option";
}

}  // namespace sigmund::kin
