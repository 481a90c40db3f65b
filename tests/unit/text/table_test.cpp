// SPDX-License-Identifier: Apache-2.0
#include "text/table.hpp"

#include <doctest/doctest.h>

using sigmund::text::Table;

TEST_CASE("columns are padded, the last is not") {
    const Table table{
        {"ID", "PID", "CMD"}, {{"7f3c2a", "12", "sleep 60"}, {"a", "4012", "x"}}, {false, true}};
    CHECK(table.render(0) ==
          "ID       PID  CMD\n"
          "7f3c2a    12  sleep 60\n"
          "a       4012  x\n");
}

TEST_CASE("no trailing blanks, missing cells, no header") {
    CHECK(Table{}.render(80) == "");
    CHECK(Table{{}, {{"a", ""}, {"bcd", "e"}, {"f"}, {}}, {}}.render(80) == "a\nbcd  e\nf\n\n");
    CHECK(Table{{"A", "B"}, {}, {}}.render(80) == "A  B\n");
}

TEST_CASE("padding is by columns, not by bytes") {
    const Table table{{}, {{"\u65e5\u672c", "1"}, {"e\u0301", "2"}, {"abcde", "3"}}, {}};
    CHECK(table.render(0) ==
          "\u65e5\u672c   1\n"
          "e\u0301      2\n"
          "abcde  3\n");
}

TEST_CASE("no line is wider than asked") {
    const Table table{{"ID", "CMD"}, {{"7f3c2a", "sleep 60"}, {"7f3c2b", "x"}}, {}};
    CHECK(table.render(16) == "ID      CMD\n7f3c2a  sleep 60\n7f3c2b  x\n");
    CHECK(table.render(15) == "ID      CMD\n7f3c2a  sleep \u2026\n7f3c2b  x\n");
    CHECK(table.render(5) == "ID  \u2026\n7f3c\u2026\n7f3c\u2026\n");
}

TEST_CASE("the header's style wraps its line alone") {
    const Table table{{"ID", "CMD"}, {{"a", "b"}}, {}};
    CHECK(table.render(80, "\x1b[1m") == "\x1b[1mID  CMD\x1b[0m\na   b\n");
}
