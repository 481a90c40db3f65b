// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_choice.hpp"

#include <algorithm>
#include <string>

#include "text/words.hpp"

namespace sigmund::ops {

std::optional<std::vector<std::size_t>> parse_choice(std::string_view line, std::size_t count) {
    std::string list(line);
    std::replace(list.begin(), list.end(), ',', ' ');
    std::vector<std::string> words = text::split(list, ' ');
    std::erase(words, "");
    std::vector<std::size_t> out;
    if (words.size() == 1 && (words[0] == "a" || words[0] == "A")) {
        for (std::size_t all = 0; all < count; ++all) out.push_back(all);
        return out;
    }
    for (const std::string& word : words) {
        const auto number = text::whole_number<std::size_t>(word);
        if (!number || *number < 1 || *number > count) return std::nullopt;
        if (std::find(out.begin(), out.end(), *number - 1) == out.end()) out.push_back(*number - 1);
    }
    return out;
}

}  // namespace sigmund::ops
