// SPDX-License-Identifier: Apache-2.0
// A hash that tells texts apart. It is no defence against somebody who wants two texts to look the same.
#pragma once
#include <cstdint>
#include <string_view>

namespace sigmund::text {

// FNV-1a with 64 bits.
constexpr std::uint64_t hash(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

}  // namespace sigmund::text
