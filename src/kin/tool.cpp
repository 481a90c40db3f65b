// SPDX-License-Identifier: Apache-2.0
#include "kin/tool.hpp"

#include <algorithm>

#include "kin/nosig.hpp"
#include "kin/nosig_options.hpp"
#include "kin/supervise.hpp"
#include "kin/supervise_start.hpp"
#include "kin/unlinkwait.hpp"

namespace sigmund::kin {
namespace {

constexpr Tool known_tools[] = {
    {"nosig", nosig_main, "command", "set signals, then execute a command", nosig_options},
    {"supervise", supervise_main, "command", "supervise processes, controlled through file descriptors",
     supervise_options},
    {"unlinkwait", unlinkwait_main, "file", "wait until a file is removed", unlinkwait_options},
};

}  // namespace

std::span<const Tool> tools() noexcept {
    return known_tools;
}

const Tool* find_tool(std::string_view name) noexcept {
    for (const Tool& tool : known_tools)
        if (tool.name == name) return &tool;
    return nullptr;
}

const ToolOption* find_option(std::span<const ToolOption> options, std::string_view word) noexcept {
    for (const ToolOption& option : options) {
        if (word.starts_with("--") && word.substr(2) == option.name) return &option;
        if (word.size() == 2 && word[0] == '-' && word[1] == option.letter) return &option;
    }
    return nullptr;
}

std::string option_lines(std::span<const ToolOption> options) {
    constexpr std::size_t column = 26;
    std::string out;
    for (const ToolOption& option : options) {
        if (option.group) out += std::string(option.group) + '\n';
        std::string left = option.letter != '\0' ? std::string("  -") + option.letter + ", --" : "      --";
        left += option.name;
        if (option.value) left += std::string(" ") + option.value;
        left.resize(std::max(column, left.size() + 1), ' ');
        out += left + option.help + '\n';
    }
    return out;
}

}  // namespace sigmund::kin
