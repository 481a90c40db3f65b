// SPDX-License-Identifier: Apache-2.0
#include "run/id.hpp"

#include <doctest/doctest.h>

using namespace sigmund::run;

TEST_CASE("ids are 6 to 10 lower-case hex digits, and prefixes have at least 4") {
    for (const char* id : {"7f3c2a", "0000000000", "abcdef1"}) CHECK(is_id(id));
    for (const char* other : {"", "7f3c2", "7F3C2A", "7f3c2g", "00000000000", "../../", "7f3c2a\n"})
        CHECK_FALSE(is_id(other));
    CHECK(is_id_prefix("7f3c"));
    CHECK_FALSE(is_id_prefix("7f3"));
}

TEST_CASE("a name is never a possible id or a path") {
    for (const char* name : {"web", "_x", "a.b-c_1", "db", "cafes", "abc", "deadbeef123"})
        CHECK(is_name(name));
    const std::string longest(64, 'a'), too_long(65, 'a');
    CHECK(is_name("x" + longest.substr(1)));
    CHECK_FALSE(is_name(too_long));
    for (const char* other : {"", "cafe", "0123456789", "9web", "-web", "a/b", "..", "@", "a b", "a\x1b"}) {
        CHECK_FALSE(is_name(other));
        CHECK_FALSE(name_problem(other).empty());
    }
    CHECK(name_problem("web").empty());
    CHECK(is_tag("9web"));
    CHECK_FALSE(is_tag("-x"));
    CHECK_FALSE(is_tag("a/b"));
}

TEST_CASE("random material differs, and is hex") {
    const std::string one = random_hex(16), other = random_hex(16);
    CHECK(one.size() == 32);
    CHECK(one != other);
    CHECK(one.find_first_not_of("0123456789abcdef") == std::string::npos);
}
