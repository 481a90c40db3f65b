// SPDX-License-Identifier: Apache-2.0
#include "run/path_hash.hpp"

#include <cstdlib>

#include "text/hash.hpp"

namespace sigmund::run {

std::uint64_t path_hash() {
    const char* path = std::getenv("PATH");
    // A double keeps 53 bits.
    return (text::hash(path ? path : "") & ((1ULL << 53) - 1)) | 1;
}

}  // namespace sigmund::run
