// SPDX-License-Identifier: Apache-2.0
// Lists in one text, and whole numbers.
#pragma once
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

// The parts between separators, empty ones too: one part at least.
inline std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> out;
    for (;;) {
        const auto end = text.find(separator);
        out.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

// Takes strings or string views.
template <typename List>
std::string join(const List& parts, std::string_view separator) {
    std::string out;
    bool first = true;
    for (const auto& part : parts) {
        if (!first) out += separator;
        out += part;
        first = false;
    }
    return out;
}

// Returns nothing when any other character is in the text, or when the number does not fit.
template <typename Int>
std::optional<Int> whole_number(std::string_view text, int base = 10) {
    Int value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace sigmund::text
