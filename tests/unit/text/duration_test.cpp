// SPDX-License-Identifier: Apache-2.0
#include "text/duration.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace sigmund::text;

namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

}  // namespace

TEST_CASE("durations are read as people type them") {
    struct Case {
        const char* text;
        std::int64_t milliseconds;
    };
    const Case cases[] = {
        {"0", 0},
        {"0ms", 0},
        {"500ms", 500},
        {"5s", 5 * second},
        {"5", 5 * second},
        {"1.5", 1500},
        {"007", 7 * second},
        {"2m", 2 * minute},
        {"1h30m", hour + 30 * minute},
        {"1d", day},
        {"1.5s", 1500},
        {".5s", 500},
        {"0.25h", 15 * minute},
        {"1d2h3m4s5ms", day + 2 * hour + 3 * minute + 4 * second + 5},
        {"90m", 90 * minute},
        {"1m90s", minute + 90 * second},
        {"0.0001s", 1},  // never silently 0
        {"0.1ms", 1},
        {"0.00000000000000000000000000000000000000001s", 1},
        {"36525d", 36525 * day},
        {"36524d24h", 36525 * day},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(parse_duration(c.text) == c.milliseconds);
    }
}

TEST_CASE("a text that is not a duration is refused") {
    for (const char* text : {"",
                             " ",
                             "s",
                             "ms",
                             "-1",
                             "+1",
                             "-5s",
                             "5 s",
                             " 5s",
                             "5s ",
                             "5x",
                             "5sec",
                             "5S",
                             "1w",
                             "1.s",
                             "1.",
                             ".",
                             "1..5s",
                             "1h30",
                             "30m1h",
                             "5s5s",
                             "1h1h",
                             "5ms1s",
                             "1,5s",
                             "0x10",
                             "1e3",
                             "inf",
                             "nan",
                             "36526d",
                             "36525d1ms",
                             "99999999999999999999",
                             "18446744073709551616",
                             "18446744073709551615d",
                             "9223372036854775807",
                             "18446744073709551615ms",
                             "18446744073709552s",
                             "\n5"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
    CHECK_FALSE(parse_duration(std::string_view("5s\0", 3)).has_value());
}

TEST_CASE("durations are shown as tables need them") {
    struct Case {
        std::int64_t milliseconds;
        const char* coarse;
        const char* fine;
        const char* age;
    };
    const Case cases[] = {
        {0, "0s", "0ms", "0s"},
        {450, "0s", "450ms", "0s"},
        {999, "0s", "999ms", "0s"},
        {second, "1s", "1s", "1s"},
        {12 * second + 900, "12s", "12s", "12s"},
        {minute - 1, "59s", "59s", "59s"},
        {minute, "1m", "1m", "1m"},
        {4 * minute + 12 * second, "4m12s", "4m12s", "4m"},
        {4 * minute + 2 * second, "4m02s", "4m02s", "4m"},
        {hour - 1, "59m59s", "59m59s", "59m"},
        {hour, "1h", "1h", "1h"},
        {3 * hour + 5 * minute, "3h05m", "3h05m", "3h"},
        {day - 1, "23h59m", "23h59m", "23h"},
        {2 * day + 4 * hour, "2d4h", "2d4h", "2d"},
        {2 * day + 59 * minute, "2d", "2d", "2d"},
        {-5, "0s", "0ms", "0s"},  // the clock was set back
        {std::numeric_limits<std::int64_t>::min(), "0s", "0ms", "0s"},
        {std::numeric_limits<std::int64_t>::max(), "106751991167d7h", "106751991167d7h", "106751991167d"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.milliseconds);
        CHECK(format_duration(c.milliseconds) == c.coarse);
        CHECK(format_duration(c.milliseconds, true) == c.fine);
        CHECK(format_age(c.milliseconds) == c.age);
    }
}

TEST_CASE("a precise duration has tenths of a second below a minute") {
    struct Case {
        std::int64_t milliseconds;
        const char* text;
    };
    const Case cases[] = {
        {-5, "0ms"},    {0, "0ms"},        {999, "999ms"},        {second, "1s"}, {1099, "1s"},
        {1100, "1.1s"}, {12'399, "12.3s"}, {minute - 1, "59.9s"}, {minute, "1m"}, {62 * second, "1m02s"},
    };
    for (const Case& c : cases) CHECK(format_precise(c.milliseconds) == c.text);
}

TEST_CASE("a shown duration can be typed again") {
    for (std::int64_t time = 0; time < 3 * day; time += 7919) {
        const auto parsed = parse_duration(format_duration(time, true));
        REQUIRE(parsed.has_value());
        CHECK(*parsed <= time);
        CHECK(time - *parsed < hour);
    }
}
