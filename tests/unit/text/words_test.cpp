// SPDX-License-Identifier: Apache-2.0
#include "text/words.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using Parts = std::vector<std::string>;

TEST_CASE("a list is split at each separator, and joined again") {
    CHECK(text::split("a,b,,c", ',') == Parts{"a", "b", "", "c"});
    CHECK(text::split("", ',') == Parts{""});
    CHECK(text::split(",", ',') == Parts{"", ""});
    CHECK(text::join(Parts{"a", "", "c"}, ", ") == "a, , c");
    CHECK(text::join(Parts{"", "a"}, ",") == ",a");
    CHECK(text::join(Parts{}, ",").empty());
}

TEST_CASE("a whole number has only digits, and fits") {
    CHECK(text::whole_number<int>("12") == 12);
    CHECK(text::whole_number<int>("-12") == -12);
    CHECK(text::whole_number<unsigned>("027", 8) == 23U);
    CHECK(text::whole_number<unsigned char>("255") == 255);
    for (const char* wrong : {"", "x", "1x", " 1", "1 ", "+1", "1.5", "99999999999"})
        CHECK_MESSAGE(!text::whole_number<int>(wrong), wrong);
    CHECK_FALSE(text::whole_number<unsigned>("-1"));
    CHECK_FALSE(text::whole_number<unsigned char>("256"));
}
