// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the nearest known word.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sigmund::text {

// ask: the candidate at the smallest edit distance (a swap of neighbours counts as one), if it is near enough
// to be a typing error: at most 1 for words of up to 4 letters, else at most 2; a candidate of which `word`
// is a prefix of 3 letters or more counts as distance 1. Leading dashes are no letters, at least one letter
// must be right, two or more letters missing or too many at the beginning make another word ("start",
// "restart"), and of several as near it is the first.
std::optional<std::string> suggest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sigmund::text
