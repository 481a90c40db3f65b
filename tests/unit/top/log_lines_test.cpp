// SPDX-License-Identifier: Apache-2.0
#include "top/log_lines.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::top;

TEST_CASE("a log follows its end, stays where it was scrolled, and End follows again") {
    LogLines lines;
    CHECK(lines.last() < lines.first());
    lines.move(-1);
    CHECK(lines.copy().empty());
    CHECK(lines.first_shown(5) == 0);
    for (int i = 0; i < 20; ++i) lines.add("line " + std::to_string(i));
    CHECK(lines.first_shown(5) == 15);
    lines.set_open("prompt> ");
    CHECK(lines.last() == 20);
    CHECK(lines.at(20) == "prompt> ");
    lines.set_open("");
    lines.move(-10);
    CHECK(lines.selected() == 9);
    CHECK(lines.first_shown(5) == 9);
    for (int i = 20; i < 40; ++i) lines.add("line " + std::to_string(i));
    CHECK(lines.selected() == 9);
    CHECK(lines.first_shown(5) == 9);
    CHECK_FALSE(lines.following());
    lines.end();
    CHECK(lines.first_shown(5) == 35);
    lines.move(-1);
    lines.move(1);
    CHECK(lines.following());
    lines.home();
    CHECK(lines.selected() == 0);
}

TEST_CASE("old lines are dropped, and numbers stay") {
    LogLines lines;
    for (std::size_t i = 0; i < LogLines::limit + 10; ++i) lines.add(std::to_string(i));
    CHECK(lines.first() == 10);
    CHECK(lines.at(10) == "10");
    lines.home();
    lines.add("one more");
    CHECK(lines.selected() == 11);
}

TEST_CASE("search and copy") {
    LogLines lines;
    for (const char* line : {"alpha", "Beta one", "gamma", "beta two", "omega"}) lines.add(line);
    CHECK(lines.search("BETA", false));
    CHECK(lines.selected() == 3);
    CHECK(lines.search("beta", false));
    CHECK(lines.selected() == 1);
    CHECK_FALSE(lines.search("beta", false));
    CHECK(lines.selected() == 1);
    CHECK(lines.copy() == "Beta one\n");
    lines.mark();
    lines.move(2);
    CHECK(lines.marked(1));
    CHECK(lines.marked(3));
    CHECK_FALSE(lines.marked(4));
    CHECK(lines.copy() == "Beta one\ngamma\nbeta two\n");
    CHECK(lines.search("omega", true));
    lines.mark();
    CHECK_FALSE(lines.marked(1));
}
