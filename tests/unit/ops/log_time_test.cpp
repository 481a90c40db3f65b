// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <stdlib.h>
#include <time.h>

#include <initializer_list>

#include "ops/log_stream.hpp"

using sigmund::ops::time_of_line;

namespace {

constexpr sigmund::sys::Millis now = 1'795'237'811'000;  // 2026-11-21T05:10:11Z

struct Zone {
    explicit Zone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~Zone() {
        ::unsetenv("TZ");
        ::tzset();
    }
};

}  // namespace

TEST_CASE("times with a zone mean the same everywhere") {
    for (const char* zone : {"UTC0", "EST5", "XXX-3"}) {
        const Zone here(zone);
        for (const char* line :
             {"2026-11-21T05:10:11Z up", "2026-11-21T06:10:11+01:00 up", "2026-11-21 00:10:11 -0500 up",
              "sigmund: 2026-11-21T05:10:11.000Z starts again", "[2026-11-21T05:10:11Z]",
              "127.0.0.1 - - [21/Nov/2026:05:10:11 +0000] \"GET / HTTP/1.0\"",
              "ts=2026-11-21T05:10:11Z level=info", "2026/11/21 05:10:11Z"}) {
            CAPTURE(line);
            CHECK(time_of_line(line, now) == now);
        }
        CHECK(time_of_line("2026-11-21T05:10:11.25Z", now) == now + 250);
        CHECK(time_of_line("2026-11-21T05:10:11,123456Z", now) == now + 123);
    }
}

TEST_CASE("times without a zone are local, and a missing year is guessed") {
    const Zone here("UTC0");
    CHECK(time_of_line("1:M 21 Nov 2026 05:10:11.123 * Ready", now) == now + 123);
    CHECK(time_of_line("Nov 21 05:10:11 host sshd[1]: hello", now) == now);
    CHECK(time_of_line("Nov  1 05:10:11 host cron: x", now) == now - 20LL * 86'400'000);
    // In November, lines of December are from last year.
    CHECK(time_of_line("Dec 21 05:10:11 host cron: x", now) == now + (30LL - 365) * 86'400'000);
    const Zone there("XXX-3");
    CHECK(time_of_line("2026-11-21 08:10:11,000 INFO x", now) == now);
}

TEST_CASE("lines that do not begin with a time have none, whatever is in them") {
    const std::string far(100, '.');
    for (const std::string& line :
         {std::string(), std::string("hello"), std::string("12:30:00"), std::string("2026-11-21"),
          std::string("99992026-11-21T05:10:11Z"), std::string("x2026-11-21T05:10:11Z"),
          std::string("2026-13-21T05:10:11Z"), std::string("2026-11-32T05:10:11Z"),
          std::string("2026-11-21T25:10:11Z"), std::string("2026-11-21T05:61:11Z"),
          std::string("2026-00-21T05:10:11Z"), std::string("Nov"), std::string("anN 21 05:10:11 x"),
          far + "2026-11-21T05:10:11Z", std::string("2026-11-21T05:1"), std::string("\0\xff\x80 2026", 8)}) {
        CAPTURE(line);
        CHECK_FALSE(time_of_line(line, now).has_value());
    }
}

TEST_CASE("people type dates and times as local times, and with a zone") {
    const Zone there("XXX-3");
    using sigmund::ops::parse_time;
    CHECK(parse_time("2026-11-21 08:10:11.25", now) == now + 250);
    CHECK(parse_time("2026-11-21T08:10:11", now) == now);
    CHECK(parse_time("2026-11-21 08:10", now) == now - 11'000);
    CHECK(parse_time("08:10:11", now) == now);
    CHECK(parse_time("8:10", now) == now - 11'000);
    CHECK(parse_time("2026-11-21", now) == now - (8 * 3600 + 611) * 1000);
    CHECK(parse_time("2026-11-21T05:10:11.5Z", now) == now + 500);
    CHECK(parse_time("2026-11-21T06:10:11+01:00", now) == now);
    for (const char* text :
         {"", "yesterday", "2026", "25:00", "2026-13-01", "2026-11-21 08:10:11 x", "08:"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_time(text, now).has_value());
    }
}

TEST_CASE("no cut or broken line reads beyond its end") {
    const std::string whole =
        "sigmund 21/Nov/2026:05:10:11.123456 +0130 Nov 21 05:10:11 2026-11-21 05:10:11,5 Z";
    for (std::size_t from = 0; from < whole.size(); ++from)
        for (std::size_t size = 0; from + size <= whole.size(); ++size) {
            // The copy has exactly this size, so that a sanitizer notices one byte too many.
            const std::string part = whole.substr(from, size);
            (void)time_of_line(part, now);
        }
}
