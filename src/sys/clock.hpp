// SPDX-License-Identifier: Apache-2.0
// Time as integers: milliseconds since 1970 for people and records, monotonic ones for deadlines.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::sys {

using Millis = std::int64_t;

Millis realtime_ms() noexcept;  // CLOCK_REALTIME
Millis
monotonic_ms() noexcept;  // CLOCK_MONOTONIC: for deadlines; stands still while the machine is suspended
// For how long the machine has been suspended since it was booted.
Millis suspended_ms() noexcept;

// "2026-11-20T20:13:00.123Z". No time zone data is read.
std::string rfc3339(Millis since_epoch);
// ask: the inverse; "2026-11-20T20:13:00Z", fractions of a second and "+01:00" offsets are accepted.
std::optional<Millis> parse_rfc3339(std::string_view text);

}  // namespace sigmund::sys
