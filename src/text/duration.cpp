// SPDX-License-Identifier: Apache-2.0
// Everything is computed in 64-bit milliseconds, without floating point.
#include "text/duration.hpp"

#include "text/decimal.hpp"

namespace sigmund::text {

namespace {

constexpr std::uint64_t second = 1000;
constexpr std::uint64_t minute = 60 * second;
constexpr std::uint64_t hour = 60 * minute;
constexpr std::uint64_t day = 24 * hour;
constexpr std::uint64_t longest = 36525 * day;  // 100 years

// Takes a unit off the front of `text` and returns its length in milliseconds. Returns nothing when there is
// none.
std::optional<std::uint64_t> take_unit(std::string_view& text) {
    struct Unit {
        std::string_view name;
        std::uint64_t milliseconds;
    };
    // "ms" comes before "m", which is a prefix of it.
    static constexpr Unit units[] = {{"ms", 1}, {"s", second}, {"m", minute}, {"h", hour}, {"d", day}};
    for (const Unit& unit : units) {
        if (!text.starts_with(unit.name)) continue;
        text.remove_prefix(unit.name.size());
        return unit.milliseconds;
    }
    return {};
}

std::string two_digits(std::uint64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::uint64_t at_least_zero(std::int64_t milliseconds) {
    return milliseconds < 0 ? 0 : static_cast<std::uint64_t>(milliseconds);
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
    std::uint64_t total = 0;
    std::uint64_t previous_unit = longest;
    bool first = true;
    do {
        const std::optional<Decimal> number = take_decimal(text);
        if (!number) return {};
        const bool bare = first && text.empty();
        const std::optional<std::uint64_t> unit = bare ? second : take_unit(text);
        if (!unit || *unit >= previous_unit) return {};
        // This rounds up: a part of a millisecond must not become 0, which often means "at once" or "never".
        const std::optional<std::uint64_t> part = scale(*number, *unit, Rounding::up);
        // Both are at most `longest`, so their sum cannot overflow.
        if (!part || *part > longest) return {};
        total += *part;
        if (total > longest) return {};
        previous_unit = *unit;
        first = false;
    } while (!text.empty());
    return static_cast<std::int64_t>(total);
}

std::string format_duration(std::int64_t milliseconds, bool fine) {
    const std::uint64_t time = at_least_zero(milliseconds);
    if (fine && time < second) return std::to_string(time) + "ms";
    if (time < minute) return std::to_string(time / second) + "s";
    if (time < hour) {
        const std::uint64_t seconds = time % minute / second;
        return std::to_string(time / minute) + "m" + (seconds ? two_digits(seconds) + "s" : "");
    }
    if (time < day) {
        const std::uint64_t minutes = time % hour / minute;
        return std::to_string(time / hour) + "h" + (minutes ? two_digits(minutes) + "m" : "");
    }
    const std::uint64_t hours = time % day / hour;
    return std::to_string(time / day) + "d" + (hours ? std::to_string(hours) + "h" : "");
}

std::string format_precise(std::int64_t milliseconds) {
    const std::uint64_t time = at_least_zero(milliseconds);
    const std::uint64_t tenths = time % second / 100;
    if (time < second || time >= minute || tenths == 0) return format_duration(milliseconds, true);
    return std::to_string(time / second) + '.' + std::to_string(tenths) + 's';
}

std::string format_age(std::int64_t milliseconds) {
    const std::uint64_t time = at_least_zero(milliseconds);
    if (time < minute) return std::to_string(time / second) + "s";
    if (time < hour) return std::to_string(time / minute) + "m";
    if (time < day) return std::to_string(time / hour) + "h";
    return std::to_string(time / day) + "d";
}

}  // namespace sigmund::text
