// SPDX-License-Identifier: Apache-2.0
#include "ops/terminal_look.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::ops;

TEST_CASE("the lines of a guardian's answer make one look") {
    std::optional<TerminalLook> look;
    take_line(look, run::parse_answer("attached 70 15 type 10 owner"));
    CHECK_FALSE(look);
    take_line(look, run::parse_answer("terminal 90 20 busy"));
    REQUIRE(look);
    CHECK(need_of(*look).empty());
    CHECK(need_in_short(*look).empty());
    take_line(look, run::parse_answer("terminal 90 20 reading"));
    take_line(look, run::parse_answer("terminal 90 20 busy"));
    CHECK(need_of(*look) == "waits for input");
    CHECK(need_in_short(*look) == "waits");
    take_line(look, run::parse_answer("a-word-of-later 1 2"));
    take_line(look, run::parse_answer("attached 70 15 look 10 guest"));
    CHECK(need_of(*look).empty());
    CHECK(look->viewers.size() == 1);
    take_line(look, run::parse_answer("terminal 90 20 stopped"));
    CHECK(need_of(*look) == "stopped by Ctrl-S");
    CHECK(need_in_short(*look) == "Ctrl-S");
}

TEST_CASE("a need stands for the state of a run that is well, and follows any other state") {
    CHECK(state_with_need("running", "") == "running");
    CHECK(state_with_need("running", "waits for input") == "waits for input");
    CHECK(state_with_need("running, unhealthy", "waits") == "running, unhealthy, waits");
}
