// SPDX-License-Identifier: Apache-2.0
#include "run/lease.hpp"

#include <doctest/doctest.h>

using namespace sigmund::run;

TEST_CASE("a lease is a shell, a process or a time") {
    std::string problem, hint;
    CHECK(parse_lease("shell", problem, hint)->kind == Lease::Kind::shell);
    CHECK(parse_lease("pid:4012", problem, hint)->pid == 4012);
    CHECK(parse_lease("ttl:90s", problem, hint)->time == 90'000);
    for (const char* wrong :
         {"", "pid", "pid:", "pid:0", "pid:-1", "pid:1x", "ttl:", "ttl:x", "login", "p"}) {
        problem.clear();
        CHECK_MESSAGE(!parse_lease(wrong, problem, hint), wrong);
        CHECK_FALSE(problem.empty());
        CHECK_FALSE(hint.empty());
    }
}
