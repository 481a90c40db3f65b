// SPDX-License-Identifier: Apache-2.0
// Durations as people type and read them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::text {

// ask: milliseconds from "500ms", "5s", "2m", "1h30m", "1d", "1.5s"; a bare number is seconds. Units go from
// large to small, each once; a part of a millisecond counts as a whole one, so that only zero is zero.
// Nothing for empty, negative, blanks, unknown units, or what overflows (limit: 100 years of 365.25 days).
std::optional<std::int64_t> parse_duration(std::string_view text);
// For tables, at most two units and few columns: "450ms" below 1 s (when `fine`), "12s", "4m12s", "3h05m",
// "2d4h"; a second unit of zero is left out, what is negative (a clock set back) is zero. Rounded down.
std::string format_duration(std::int64_t milliseconds, bool fine = false);
// One unit, as in an AGE column: "0s", "12s", "4m", "3h", "2d".
std::string format_age(std::int64_t milliseconds);

}  // namespace sigmund::text
