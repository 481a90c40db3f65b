// SPDX-License-Identifier: Apache-2.0
#include "text/fold.hpp"

#include <doctest/doctest.h>

#include "text/escape.hpp"

using sigmund::text::cut;
using sigmund::text::fold;
using sigmund::text::Page;

TEST_CASE("lines are folded at blanks, and what goes on hangs") {
    const Page page = Page().line("name:  one two three").line("x");
    CHECK(fold(page, 0, 7).text() == page.text());
    CHECK(fold(page, 20, 7).text() == page.text());
    CHECK(fold(page, 19, 7).text() == "name:  one two\n       three\nx\n");
    CHECK(fold(page, 14, 7).text() == "name:  one two\n       three\nx\n");
    CHECK(fold(Page().line("    a long line"), 10, 2).text() == "    a long\n    line\n");
    CHECK(fold(Page().line("a  b").line(""), 2, 0).text() == "a\nb\n\n");
}

TEST_CASE("a word that has no room is broken, and no row is wider than asked") {
    CHECK(fold(Page().line("log:  /a/long/path"), 10, 6).text() == "log:  /a/l\n     ong/p\n     ath\n");
    CHECK(fold(Page().line("abc"), 1, 4).text() == "a\nb\nc\n");
    CHECK(fold(Page().line("\u65e5\u672c\u8a9e x"), 5, 1).text() == "\u65e5\u672c\n \u8a9e x\n");
    for (std::size_t width = 4; width < 60; ++width) {
        std::string words = "key:   ";
        for (const char* word :
             {"\u65e5\u672c\u8a9e", "e\u0301e\u0301", "\U0001f389", "plain", "a-very-long-word"})
            words += std::string(word) + ' ';
        std::string rest = fold(Page().line(words + words), width, 7).text();
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            CHECK(sigmund::text::display_width(rest.substr(0, end)) <= width);
            rest.erase(0, end + 1);
        }
    }
}

TEST_CASE("styles take no columns and stay whole") {
    const Page page = Page().add("ab ", "\x1b[31m").line("cd");
    CHECK(fold(page, 5, 0).text() == page.text());
    CHECK(fold(page, 4, 1).text() == "\x1b[31mab\x1b[0m\n cd\n");
    CHECK(cut(page, 5).text() == page.text());
    CHECK(cut(page, 4).text() == "\x1b[31mab \x1b[0m\u2026\x1b[0m\n");
    CHECK(cut(page, 2).text() == "\x1b[31ma\u2026\x1b[0m\n");
}

TEST_CASE("lines are cut to the width") {
    const Page page = Page().line("one two").line("\u65e5\u672c");
    CHECK(cut(page, 0).text() == page.text());
    CHECK(cut(page, 7).text() == page.text());
    CHECK(cut(page, 3).text() == "on\u2026\n\u65e5\u2026\n");
    CHECK(cut(page, 1).text() == "\u2026\n\u2026\n");
}
