// SPDX-License-Identifier: Apache-2.0
#include "run/option.hpp"

#include "text/ignore.hpp"

namespace sigmund::run {

const Option* find_option(std::span<const Option> options, std::string_view name) {
    for (const Option& option : options)
        if (option.name == name) return &option;
    return nullptr;
}

const Option* find_option(std::span<const Option> options, char letter) {
    for (const Option& option : options)
        if (option.letter == letter && letter != 0) return &option;
    return nullptr;
}

// A name applies in every folder. "." and ".." are paths.
static bool is_name_pattern(std::string_view value) {
    if (value.size() > 1 && value.ends_with('/')) value.remove_suffix(1);
    return value.find('/') == std::string_view::npos && value != "." && value != "..";
}

std::string place_value(const Option& option, const std::string& value, const std::string& folder) {
    const bool path = option.choices.kind == Kind::file || option.choices.kind == Kind::folder;
    if (!path || value.empty() || value[0] == '/') return value;
    const bool pattern = option.metavar == "PATTERN";
    if (pattern && is_name_pattern(value)) return value;
    return (folder == "/" ? "" : pattern ? text::escape_glob(folder) : folder) + '/' + value;
}

}  // namespace sigmund::run
