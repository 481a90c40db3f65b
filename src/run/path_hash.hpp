// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace sigmund::run {

// Returns a hash of the variable PATH of this process. It is never 0, and every JSON reader keeps it exactly.
std::uint64_t path_hash();

}  // namespace sigmund::run
