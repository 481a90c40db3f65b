// SPDX-License-Identifier: Apache-2.0
// This file parses and formats byte sizes as people type and read them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::text {

// Returns bytes from "64K", "10M", "1G", "512" (1024-based). "k", "KB" and "KiB" are accepted too, up to E,
// and so is "1.5 KB", so that the output of format_size() can be typed. Returns nothing when the text is no
// size or overflows.
std::optional<std::uint64_t> parse_size(std::string_view text);
// Formats a size as "512 B", "1.5 KB" or "10 MB": 1024-based, with at most one decimal, rounded to the
// nearest.
std::string format_size(std::uint64_t bytes);

}  // namespace sigmund::text
