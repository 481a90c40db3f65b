// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace sigmund::run {

// A hash of the variable PATH of this process; never 0. Every JSON reader keeps it exactly.
std::uint64_t path_hash();

}  // namespace sigmund::run
