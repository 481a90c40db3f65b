// SPDX-License-Identifier: Apache-2.0
// Writes the lines that several logs hold (ops/log_output.hpp) in the order of their times.
#pragma once
#include <vector>

#include "ops/log_stream.hpp"

namespace sigmund::ops {

// Writes all lines that are held now. Those of one log keep their order. Where the times are equal, and where they are
// not known, the earlier log comes first. `read_on` is called for a log that holds no line any more; it returns whether
// it has brought some.
void merge_lines(const std::vector<LogStream*>& logs, const std::function<bool(LogStream& log)>& read_on);

}  // namespace sigmund::ops
