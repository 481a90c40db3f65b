// SPDX-License-Identifier: Apache-2.0
#include "text/plain.hpp"

#include <doctest/doctest.h>

#include <string>

using sigmund::text::plain_lines;
using Lines = std::vector<std::string>;

TEST_CASE("plain text stays as it is") {
    CHECK(plain_lines("") == Lines{});
    CHECK(plain_lines("\n\n") == Lines{});
    CHECK(plain_lines("one\ntwo") == Lines{"one", "two"});
    CHECK(plain_lines("one  \n\ntwo\n") == Lines{"one", "", "two"});
    CHECK(plain_lines("a\tb\r\n") == Lines{"a       b"});
    CHECK(plain_lines("gr\xc3\xbc\xc3\x9f, \xe4\xb8\xad\xe6\x96\x87, e\xcc\x81\n") ==
          Lines{"gr\xc3\xbc\xc3\x9f, \xe4\xb8\xad\xe6\x96\x87, e\xcc\x81"});
}

TEST_CASE("a progress bar is seen in its last state") {
    CHECK(plain_lines("10%\r50%\r100%\n") == Lines{"100%"});
    CHECK(plain_lines("loading...\rdone\n") == Lines{"doneing..."});
    CHECK(plain_lines("loading...\r\x1b[Kdone\n") == Lines{"done"});
    CHECK(plain_lines("loading...\x1b[2K\x1b[1Gdone\n") == Lines{"done"});
    CHECK(plain_lines("12\b\b34") == Lines{"34"});
    CHECK(plain_lines("abc\x1b[2D\x1b[1Kx") == Lines{" xc"});
}

TEST_CASE("lines that are overwritten are seen in their last state") {
    CHECK(plain_lines("a 1\nb 1\n\x1b[2Aa 2\nb 2\n") == Lines{"a 2", "b 2"});
    CHECK(plain_lines("a 1\nb 1\n\x1b[2F\x1b[Jdone\n") == Lines{"done"});
    CHECK(plain_lines("a\n\x1b[999Ab\n") == Lines{"b"});
    CHECK(plain_lines("a\n\x1b[2J\x1b[Hb\x1b[3;2Hc") == Lines{"a", "b", "", " c"});
    CHECK(plain_lines("abcdef\r\x1b[2P") == Lines{"cdef"});
    CHECK(plain_lines("ab\r\x1b[2@") == Lines{"  ab"});
    CHECK(plain_lines("abcd\r\x1b[2X") == Lines{"  cd"});
}

TEST_CASE("only the text of colours, titles and links is left") {
    CHECK(plain_lines("\x1b[1;38;5;9mred\x1b[0m text") == Lines{"red text"});
    CHECK(plain_lines("\x1b]0;title\atext") == Lines{"text"});
    CHECK(plain_lines("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\") == Lines{"link"});
    CHECK(plain_lines("\x1b(B\x1b[?25lx\x1b=y\x1b[?2004h") == Lines{"xy"});
    CHECK(plain_lines("\xc2\x9b"
                      "31mred") == Lines{"red"});
}

TEST_CASE("half characters and broken bytes are replaced") {
    CHECK(plain_lines("\xe4\xb8\xad\bx") == Lines{" x"});
    CHECK(plain_lines("\xe4\xb8\xad\rx") == Lines{"x"});
    CHECK(plain_lines("a\xff\xe4\xb8 b") == Lines{"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd b"});
    CHECK(plain_lines("a\x1b") == Lines{"a"});
    CHECK(plain_lines("a\x1b[12;") == Lines{"a"});
    CHECK(plain_lines("\x1b]unended\nnext") == Lines{"", "next"});
    CHECK(plain_lines(std::string("a\0b\x7f", 4)) == Lines{"ab"});
}

TEST_CASE("the output keeps its limits") {
    CHECK(plain_lines("abcdef\n", {.columns = 4, .lines = 9}) == Lines{"abcd"});
    CHECK(plain_lines("1\n2\n3\n4\n", {.columns = 4, .lines = 2}) == Lines{"3", "4"});
    CHECK(plain_lines("\x1b[99999Cx", {.columns = 4, .lines = 2}) == Lines{"   x"});
    const std::string long_line(100'000, 'x');
    CHECK(plain_lines(long_line)[0].size() == 4096);
}
