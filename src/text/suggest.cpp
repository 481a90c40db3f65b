// SPDX-License-Identifier: Apache-2.0
#include "text/suggest.hpp"

#include <algorithm>
#include <vector>

namespace sigmund::text {

namespace {

// Returns the optimal string alignment distance: insertion, deletion, replacement and a swap of neighbours
// count one each.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);  // the row two above
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

// The dashes of an option do not count as letters.
std::size_t letters_in(std::string_view word) {
    return word.size() - std::min(word.find_first_not_of('-'), word.size());
}

}  // namespace

std::optional<std::string> suggest(std::string_view word, std::span<const std::string_view> candidates) {
    const std::size_t letters = letters_in(word);
    const std::size_t limit = letters <= 4 ? 1 : 2;
    std::optional<std::string_view> nearest;
    std::size_t smallest = std::min(limit + 1, letters);  // with every letter changed it is another word
    for (const std::string_view candidate : candidates) {
        std::size_t distance = limit + 1;
        const std::size_t longer = std::max(word.size(), candidate.size());
        const std::size_t shorter = std::min(word.size(), candidate.size());
        if (longer - shorter <= limit) distance = edit_distance(word, candidate);
        if (letters >= 3 && candidate.starts_with(word)) distance = std::min<std::size_t>(distance, 1);
        // A word that lacks a whole beginning is another word: "start" is not "restart".
        if (longer - shorter > 1 && (candidate.ends_with(word) || word.ends_with(candidate))) continue;
        if (distance >= smallest) continue;
        smallest = distance;
        nearest = candidate;
    }
    if (!nearest) return {};
    return std::string(*nearest);
}

}  // namespace sigmund::text
