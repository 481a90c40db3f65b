// SPDX-License-Identifier: Apache-2.0
#include "text/replay.hpp"

#include <doctest/doctest.h>

#include <string>

using sigmund::text::replay;

TEST_CASE("the last lines are shown again, with the unfinished one") {
    CHECK(replay("", 5, true).empty());
    CHECK(replay("a\nb\nc", 9, true) == "a\r\nb\r\nc");
    CHECK(replay("a\r\nb\r\n$ ", 2, true) == "b\r\n$ ");
    CHECK(replay("half\nb\n", 9, false) == "b\r\n");
    CHECK(replay("no line", 9, false).empty());
}

TEST_CASE("colours and the erasing of a line are left, and nothing that asks or changes the terminal") {
    CHECK(replay("\x1b[1;31mred\x1b[0m\t\x1b[K10%\r20%", 5, true) ==
          "\x1b[1;31mred\x1b[0m\t\x1b[K10%\r20%\x1b[0m");
    CHECK(
        replay("a\x1b[6n\x1b[c\x1b]0;title\x07\x1b]52;c;eA==\x1b\\\x1b[?2004h\x1b[2J\x1b[5;5H\x1b(B\x0e\x07z",
               5, true) == "az");
    CHECK(replay("a\xc2\x9b"
                 "5nb",
                 5, true) == "ab");
    CHECK(replay("a\x9b"
                 "5n\xff",
                 5, true) ==
          "a\xef\xbf\xbd"
          "5n\xef\xbf\xbd");
    CHECK(replay("a\x1b]0;broken\nnext", 5, true) == "a\r\nnext");
}

TEST_CASE("what was on the alternate screen is left out") {
    CHECK(replay("a\n\x1b[?1049hscreen\nx\x1b[?1049lb\n", 5, true) == "a\r\nb\r\n");
    CHECK(replay("screen\nx\x1b[?1049lb\n", 5, true) == "b\r\n");
}
