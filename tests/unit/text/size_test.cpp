// SPDX-License-Identifier: Apache-2.0
#include "text/size.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace sigmund::text;

namespace {

constexpr std::uint64_t kilo = 1024;
constexpr std::uint64_t mega = 1024 * kilo;
constexpr std::uint64_t giga = 1024 * mega;
constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST_CASE("sizes are read as people type them") {
    struct Case {
        const char* text;
        std::uint64_t bytes;
    };
    const Case cases[] = {
        {"0", 0},
        {"512", 512},
        {"512B", 512},
        {"64K", 64 * kilo},
        {"64k", 64 * kilo},
        {"64KB", 64 * kilo},
        {"64kb", 64 * kilo},
        {"64KiB", 64 * kilo},
        {"10M", 10 * mega},
        {"1G", giga},
        {"2T", 2 * 1024 * giga},
        {"1P", 1024 * 1024 * giga},
        {"15E", 15 * giga * giga},
        {"1.5K", 1536},
        {"1.5 KB", 1536},
        {"0.0001K", 0},
        {"18446744073709551615", largest},
        {"15.9999999999999999999999999999999999999999E", largest},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(parse_size(c.text) == c.bytes);
    }
}

TEST_CASE("a text that is not a size is refused") {
    for (const char* text : {"",
                             " ",
                             "K",
                             "-1",
                             "+1",
                             "1X",
                             "1KX",
                             "1iB",
                             "1Ki",
                             "1KBB",
                             "1 ",
                             "1  K",
                             " 1K",
                             "1K ",
                             "1.5",
                             "1.5B",
                             "1.K",
                             ".",
                             "0x10",
                             "1e3",
                             "18446744073709551616",
                             "16E",
                             "16384P",
                             "18446744073709551615K",
                             "99999999999999999999999"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_size(text).has_value());
    }
}

TEST_CASE("sizes are shown as people read them") {
    struct Case {
        std::uint64_t bytes;
        const char* text;
    };
    const Case cases[] = {
        {0, "0 B"},
        {512, "512 B"},
        {1023, "1023 B"},
        {1024, "1 KB"},
        {1536, "1.5 KB"},
        {1024 + 51, "1 KB"},
        {1024 + 52, "1.1 KB"},
        {10 * mega, "10 MB"},
        {10 * mega + mega / 4, "10.3 MB"},
        {mega - 1, "1 MB"},  // not 1024 KB
        {giga - 1, "1 GB"},
        {3 * giga / 2, "1.5 GB"},
        {largest, "16 EB"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.bytes);
        CHECK(format_size(c.bytes) == c.text);
    }
}

TEST_CASE("a shown size can be typed again, exact to a twentieth of its unit") {
    for (std::uint64_t bytes = 1; bytes < largest / 3; bytes = bytes * 3 + 1) {
        const auto parsed = parse_size(format_size(bytes));
        REQUIRE(parsed.has_value());
        const std::uint64_t off = *parsed > bytes ? *parsed - bytes : bytes - *parsed;
        CHECK(off <= bytes / 19);
    }
}
