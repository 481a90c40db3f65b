// SPDX-License-Identifier: Apache-2.0
#include "run/path_hash.hpp"

#include <cstdlib>

namespace sigmund::run {

std::uint64_t path_hash() {
    // This is FNV-1a, cut to the 53 bits that a double keeps.
    std::uint64_t hash = 14695981039346656037ULL;
    const char* path = std::getenv("PATH");
    for (const char* c = path ? path : ""; *c; ++c)
        hash = (hash ^ static_cast<unsigned char>(*c)) * 1099511628211ULL;
    return (hash & ((1ULL << 53) - 1)) | 1;
}

}  // namespace sigmund::run
