// SPDX-License-Identifier: Apache-2.0
// The end of a log, for people.
#pragma once
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::ops {

// Returns the last lines of a run's log, at most `most`, as a person would see them on a terminal (text/plain.hpp).
// Only the last 64 KiB are read. There are none when the log cannot be read.
std::vector<std::string> last_lines(const run::Store& store, const run::Record& record, run::LogPart part,
                                    int number, std::size_t most);

}  // namespace sigmund::ops
