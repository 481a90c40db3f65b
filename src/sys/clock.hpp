// SPDX-License-Identifier: Apache-2.0
// This file represents time as integers: milliseconds since 1970 for people and records, monotonic
// milliseconds for deadlines.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::sys {

using Millis = std::int64_t;

Millis realtime_ms() noexcept;   // CLOCK_REALTIME
Millis monotonic_ms() noexcept;  // CLOCK_MONOTONIC, for deadlines; it stops while the machine is suspended
// Returns for how long the machine has been suspended since it was booted.
Millis suspended_ms() noexcept;

// Formats a time as "2026-11-20T20:13:00.123Z". No time zone data is read.
std::string rfc3339(Millis since_epoch);
// Returns the time for people, in the time zone of TZ or of the machine: "2026-11-27 16:05:01".
std::string local_time(Millis since_epoch);
// The inverse of rfc3339(). It also accepts times without or with other fractions of a second
// ("2026-11-20T20:13:00Z"), "+01:00" offsets and a date alone. Returns nothing when the text is no such time.
std::optional<Millis> parse_rfc3339(std::string_view text);

}  // namespace sigmund::sys
