// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "text/escape.hpp"
#include "text/width_table.hpp"

using namespace sigmund::text;

TEST_CASE("the width of a text is counted in columns") {
    struct Case {
        const char* text;
        std::size_t width;
    };
    const Case cases[] = {
        {"", 0},
        {"redis-server", 12},
        {"caf\u00e9", 4},
        {"cafe\u0301", 4},             // e and a combining acute
        {"\u65e5\u672c\u8a9e", 6},     // CJK
        {"\uff21", 2},                 // fullwidth A
        {"\uff71", 1},                 // halfwidth katakana
        {"\uac00", 2},                 // a Hangul syllable
        {"\u1100\u1161", 2},           // the same, of jamo
        {"\U0001F600", 2},             // emoji
        {"\u2764\ufe0f", 1},           // a text heart and a variation selector
        {"\U0001F1E9\U0001F1EA", 2},   // a flag: two regional indicators
        {"a\u200bb\u200db\ufeff", 3},  // zero width space, joiner, no-break space
        {"so\u00adft", 5},             // the soft hyphen is shown by terminals
        {"\U00020000\U0003FFFD", 4},   // ideographs beyond the BMP, unassigned ones too
        {"\U000E0100", 0},             // the last variation selectors
        {"\U0010FFFD", 1},             // private use
        {"\xff\xfe", 2},               // bad bytes, each shown as a replacement character
        {"\u2026", 1},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(display_width(c.text) == c.width);
    }
}

TEST_CASE("the tables are sorted and do not overlap") {
    const auto sorted = [](const auto& ranges) {
        for (const CodeRange& range : ranges) CHECK(range.first <= range.last);
        for (std::size_t i = 1; i < std::size(ranges); ++i) CHECK(ranges[i - 1].last < ranges[i].first);
    };
    sorted(zero_width);
    sorted(double_width);
    for (const CodeRange& zero : zero_width) {
        CHECK(std::none_of(std::begin(double_width), std::end(double_width), [&](const CodeRange& wide) {
            return zero.first <= wide.last && wide.first <= zero.last;
        }));
    }
}

TEST_CASE("no hidden character has a width in an escaped text") {
    // After escaping, only combining marks, the second parts of Hangul syllables and the variation selectors
    // of emoji have no width. Every other character without a width is escaped.
    for (char32_t code = 0x80; code <= 0x10FFFF; ++code) {
        if (!is_hidden(code)) continue;
        std::string text;
        if (code < 0x800) {
            text = {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
        } else if (code < 0x10000) {
            text = {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
                    static_cast<char>(0x80 | (code & 0x3F))};
        } else {
            text = {static_cast<char>(0xF0 | (code >> 18)), static_cast<char>(0x80 | ((code >> 12) & 0x3F)),
                    static_cast<char>(0x80 | ((code >> 6) & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
        }
        const std::string shown = escape_for_display(text);
        REQUIRE(shown.size() == (code > 0xFFFF ? 10U : 6U));
        REQUIRE(display_width(shown) == shown.size());
        REQUIRE(truncate("ab" + shown, 2) == "a\u2026");
    }
}

TEST_CASE("an excerpt shows what is around a byte, and marks what is left out") {
    CHECK(excerpt("", 0, 6) == "");
    CHECK(excerpt("", 9, 6) == "");
    CHECK(excerpt("abcdef", 0, 6) == "abcdef");
    CHECK(excerpt("abcdefgh", 4, 6) == "abcde\u2026");
    CHECK(excerpt("abcdefgh", 5, 6) == "\u2026defgh");
    CHECK(excerpt("abcdefghij", 5, 6) == "\u2026defg\u2026");
    CHECK(excerpt("abcdefgh", 99, 6) == "\u2026gh");
    CHECK(excerpt("\u00e4\u00e4\u00e4\u00e4", 7, 4) == "\u2026\u00e4");
    CHECK(excerpt("\u00e4\u00e4\u00e4\u00e4", 4, 4) == "\u2026\u00e4\u00e4\u00e4");
    CHECK(excerpt(std::string(9, '\xbf'), 9, 3) == "\u2026\xbf\u2026");
}

TEST_CASE("truncate cuts at columns and marks the cut") {
    struct Case {
        const char* text;
        std::size_t width;
        const char* cut;
    };
    const Case cases[] = {
        {"", 0, ""},
        {"abc", 3, "abc"},
        {"abc", 4, "abc"},
        {"abcd", 3, "ab\u2026"},
        {"abcd", 1, "\u2026"},
        {"abcd", 0, ""},
        {"\u65e5\u672c", 4, "\u65e5\u672c"},
        {"\u65e5\u672c", 3, "\u65e5\u2026"},
        {"\u65e5\u672c", 2, "\u2026"},                  // half a character is left out
        {"e\u0301e\u0301e\u0301", 2, "e\u0301\u2026"},  // a mark stays with its letter
        {"ab\u0301", 2, "ab\u0301"},
        {"\u0301", 0, "\u0301"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CAPTURE(c.width);
        CHECK(sigmund::text::truncate(c.text, c.width) == c.cut);
        CHECK(display_width(sigmund::text::truncate(c.text, c.width)) <= c.width);
    }
}
