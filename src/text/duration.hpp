// SPDX-License-Identifier: Apache-2.0
// This file parses and formats durations as people type and read them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::text {

// Returns milliseconds from "500ms", "5s", "2m", "1h30m", "1d" or "1.5s"; a bare number is in seconds. Units
// go from large to small, each at most once. A fraction of a millisecond is rounded up, so that only zero is
// zero. Returns nothing for empty or negative text, blanks, unknown units and overflow (the limit is 100
// years of 365.25 days).
std::optional<std::int64_t> parse_duration(std::string_view text);
// Formats a duration for tables, with at most two units and few columns: "450ms" below 1 s (when `fine`),
// "12s", "4m12s", "3h05m", "2d4h". A second unit of zero is left out, and a negative duration (a clock was
// set back) counts as zero. Rounds down.
std::string format_duration(std::int64_t milliseconds, bool fine = false);
// Formats a duration to be read next to others: "450ms" below 1 s, "12.3s" below 1 min, then as format_duration().
std::string format_precise(std::int64_t milliseconds);
// Formats a duration with one unit, for an AGE column: "0s", "12s", "4m", "3h", "2d".
std::string format_age(std::int64_t milliseconds);

}  // namespace sigmund::text
