// SPDX-License-Identifier: Apache-2.0
// Durations and sizes are within bounds, and a printed one can be typed again.
#include "fuzz.hpp"
#include "text/duration.hpp"
#include "text/size.hpp"

using namespace sigmund::text;

SIGMUND_FUZZ_TARGET(quantity) {
    if (const auto time = parse_duration(input)) {
        must(*time >= 0 && *time <= std::int64_t{3'155'760'000'000});
        const auto again = parse_duration(format_duration(*time, true));
        must(again && *again <= *time);  // rounded down
        must(!format_age(*time).empty());
    }
    if (const auto size = parse_size(input)) {
        const auto again = parse_size(format_size(*size));
        if (again) must(format_size(*again) == format_size(*size));
        if (!again) must(*size > UINT64_MAX / 100 * 99);  // it was rounded up beyond the largest size
    }
}
