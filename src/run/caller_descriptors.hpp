// SPDX-License-Identifier: Apache-2.0
// What a record keeps of --keep-fd: the numbers alone, since a descriptor of a caller cannot be opened again.
#pragma once
#include <vector>

#include "run/record.hpp"

namespace sigmund::run {

std::vector<int> caller_descriptors(const Record& record);

}  // namespace sigmund::run
