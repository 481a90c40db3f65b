// SPDX-License-Identifier: Apache-2.0
#include "ops/ci.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sigmund;

TEST_CASE("a run that survives its job has no variable by which a runner finds its processes") {
    std::vector<std::string> environment = {"PATH=/bin", "BUILD_ID=17", "NOT_HUDSON_COOKIE=1",
                                            "HUDSON_COOKIE_2=1"};
    for (const std::string_view name : ops::cookie_names) environment.push_back(std::string(name) + "=x");
    environment.emplace_back("LANG=C");
    ops::drop_cookies(environment);
    CHECK(environment == std::vector<std::string>{"PATH=/bin", "BUILD_ID=dontKillMe", "NOT_HUDSON_COOKIE=1",
                                                  "HUDSON_COOKIE_2=1", "LANG=C"});
}
