// SPDX-License-Identifier: Apache-2.0
#include "ops/find_program.hpp"

#include "unit/scratch.hpp"

using namespace sigmund;

TEST_CASE("a program is found where a shell would find it") {
    const test::Scratch scratch;
    scratch.write("a/tool", "", 0644);
    scratch.write("b/tool", "", 0755);
    scratch.write("c/tool/x", "");
    const std::string path =
        scratch.at("none") + ':' + scratch.at("a") + ':' + scratch.at("c") + ':' + scratch.at("b");
    CHECK(ops::find_program("tool", path, "/") == scratch.at("b/tool"));
    CHECK(ops::find_program("tool", "none:b", scratch.path()) == scratch.at("b/tool"));
    CHECK(ops::find_program("tool", "", scratch.at("b")) == scratch.at("b/tool"));
    CHECK(ops::find_program("b/tool", path, scratch.path()) == scratch.at("b/tool"));
    CHECK(ops::find_program("./b/tool", path, scratch.path()) == scratch.at("b/tool"));
    CHECK(ops::find_program(scratch.at("b/tool"), "", "/") == scratch.at("b/tool"));
    CHECK(ops::find_program("other", path, "/").empty());
    CHECK(ops::find_program("", path, "/").empty());
    CHECK(ops::find_program("c/tool", "", scratch.path()).empty());
}
