// SPDX-License-Identifier: Apache-2.0
#include "text/strip_escapes.hpp"

#include <doctest/doctest.h>

using sigmund::text::strip_escapes;

TEST_CASE("strip_escapes returns a line as a person sees it") {
    CHECK(strip_escapes("plain \t text \xc3\xa9") == "plain \t text \xc3\xa9");
    CHECK(strip_escapes("\x1b[1;32mready\x1b[0m in \x1b[1m3\x1b[22m ms\r") == "ready in 3 ms");
    CHECK(strip_escapes("\x1b]8;;http://x\x1b\\link\x1b]8;;\a!") == "link!");
    CHECK(strip_escapes("\x1b(Bready\x1b=") == "ready");
    CHECK(strip_escapes("listening\x1b[3Con\x1b[C80") == "listening   on 80");
    CHECK(strip_escapes("r\br\xc3\xa9\bx") == "rx");
    CHECK(strip_escapes("\b\x7f\x01") == "");
}

TEST_CASE("strip_escapes loses no text after a cut or broken sequence") {
    CHECK(strip_escapes("a\x1b") == "a");
    CHECK(strip_escapes("a\x1b[") == "a");
    CHECK(strip_escapes("a\x1b[31") == "a");
    CHECK(strip_escapes("a\x1b]0;title") == "a");
    CHECK(strip_escapes("a\x1b[999999999999Cb").size() == 502);
    CHECK(strip_escapes("a\x1b]0;t\x1b[1mb") == "ab");
}
