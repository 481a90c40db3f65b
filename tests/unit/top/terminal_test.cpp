// SPDX-License-Identifier: Apache-2.0
#include "top/terminal.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::top;

TEST_CASE("a type of terminal without a description is served by that of its family") {
    CHECK(serving_type("xterm-kitty") == "xterm-256color");
    CHECK(serving_type("xterm-ghostty") == "xterm-256color");
    CHECK(serving_type("alacritty") == "xterm-256color");
    CHECK(serving_type("screen.xterm-new") == "screen-256color");
    CHECK(serving_type("tmux-direct") == "tmux-256color");
    CHECK(serving_type("linux-m") == "linux");
    CHECK(serving_type("vt220") == "vt100");
    CHECK(serving_type("who-knows") == "vt100");
    CHECK(serving_type("dumb").empty());
    CHECK(serving_type("").empty());
}
