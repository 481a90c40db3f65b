// SPDX-License-Identifier: Apache-2.0
// The line with which a person chooses runs to stop when a shell exits.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace sigmund::ops {

// Parses "1 3", "1,3", or "a" alone for all, into indices from 0 without duplicates. An empty line chooses
// none. Returns nothing for anything else, and for a number that is not from 1 to `count`.
std::optional<std::vector<std::size_t>> parse_choice(std::string_view line, std::size_t count);

}  // namespace sigmund::ops
