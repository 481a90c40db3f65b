// SPDX-License-Identifier: Apache-2.0
// This file finds the nearest known word for "Did you mean ...?".
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sigmund::text {

// Returns the candidate at the smallest edit distance (swapping two neighbours counts as one), or nothing
// when none is near enough to be a typing error: the distance is at most 1 for words of up to 4 letters, else
// at most 2. A candidate of which `word` is a prefix of 3 letters or more counts as distance 1. Leading
// dashes are not counted, at least one letter must be right, and two or more missing or additional letters at
// the beginning make another word ("start", "restart"). The first of several equally near candidates wins.
std::optional<std::string> suggest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sigmund::text
