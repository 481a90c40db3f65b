// SPDX-License-Identifier: Apache-2.0
// Byte sizes as people type and read them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::text {

// ask: bytes from "64K", "10M", "1G", "512" (1024-based; "k", "KB", "KiB" are accepted too, up to E, and "1.5
// KB", so that what format_size() prints can be typed). Nothing for what is none or overflows.
std::optional<std::uint64_t> parse_size(std::string_view text);
// "512 B", "1.5 KB", "10 MB": 1024-based, at most one decimal, rounded to the nearest.
std::string format_size(std::uint64_t bytes);

}  // namespace sigmund::text
