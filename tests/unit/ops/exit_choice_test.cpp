// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_choice.hpp"

#include <doctest/doctest.h>

using namespace sigmund;

TEST_CASE("a choice is numbers, or an a alone, and nothing else") {
    using Chosen = std::vector<std::size_t>;
    CHECK(ops::parse_choice("1 3", 3) == Chosen{0, 2});
    CHECK(ops::parse_choice(" 3,1,, 3 ", 3) == Chosen{2, 0});
    CHECK(ops::parse_choice("a", 2) == Chosen{0, 1});
    CHECK(ops::parse_choice(" A ", 2) == Chosen{0, 1});
    CHECK(ops::parse_choice("", 3) == Chosen{});
    CHECK(ops::parse_choice("12", 12) == Chosen{11});
    for (const char* line :
         {"0", "4", "1 4", "x", "-1", "1-2", "apt install", "a 1", "git status", "99999999999999999999"})
        CHECK_MESSAGE(!ops::parse_choice(line, 3), line);
}
