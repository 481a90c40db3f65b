// SPDX-License-Identifier: Apache-2.0
#include "run/spec.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::run;

TEST_CASE("resource limits have names, numbers, sizes and hard limits") {
    CHECK(rlimit_resource("nofile") == RLIMIT_NOFILE);
    CHECK(rlimit_resource("CORE") == RLIMIT_CORE);
    CHECK_FALSE(rlimit_resource("files"));
    CHECK(rlimit_name(RLIMIT_NOFILE) == "nofile");
    const auto both = parse_rlimit("nofile=64:1024");
    REQUIRE(both);
    CHECK(both->limit.rlim_cur == 64);
    CHECK(both->limit.rlim_max == 1024);
    const auto size = parse_rlimit("fsize=64K");
    REQUIRE(size);
    CHECK(size->limit.rlim_cur == 65536);
    CHECK(size->limit.rlim_max == 65536);
    CHECK(parse_rlimit("core=unlimited")->limit.rlim_cur == RLIM_INFINITY);
    for (const char* bad :
         {"", "nofile", "nofile=", "nofile=x", "nofile=2:1", "x=1", "nofile=1:2:3", "nofile=-1"})
        CHECK_MESSAGE(!parse_rlimit(bad), bad);
}
