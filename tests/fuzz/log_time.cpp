// SPDX-License-Identifier: Apache-2.0
// The times at the beginning of the lines of a log, and those that people type.
#include <string>

#include "fuzz.hpp"
#include "ops/log_stream.hpp"

SIGMUND_FUZZ_TARGET(log_time) {
    constexpr sigmund::sys::Millis now = 1'795'237'811'000;
    const auto time = sigmund::ops::time_of_line(input, now);
    // Only the beginning of a line counts.
    if (time) must(sigmund::ops::time_of_line(input.substr(0, 200), now) == time);
    (void)sigmund::ops::parse_time(std::string(input), now);
}
