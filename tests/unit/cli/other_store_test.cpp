// SPDX-License-Identifier: Apache-2.0
#include "cli/other_store.hpp"

#include <doctest/doctest.h>

#include "unit/scratch.hpp"

using namespace sigmund;
using namespace sigmund::cli;

TEST_CASE("a command names its store when that is not the store of the moment") {
    const test::Scratch scratch;
    std::vector<run::View> views;
    for (const char* name : {"here", "a b", "c", "d", "e"})
        views.emplace_back(run::Store::create(scratch.at(name)));
    CHECK(command_in(views[0], views[0], "sigmund dump web") == "sigmund dump web");
    views.emplace_back(run::Store::create(scratch.at("e\x1b[1m\nf")));
    CHECK(command_in(views[5], views[0], "sigmund list") ==
          "SIGMUND_STATE_DIR=$'" + scratch.at("e") + "\\x1b[1m\\x0af' sigmund list");
    CHECK(command_in(views[1], views[0], "sigmund dump web") ==
          "SIGMUND_STATE_DIR='" + scratch.at("a b") + "' sigmund dump web");
    CHECK(list_commands({&views[0], &views[0]}, views[0]) == "sigmund list");
    CHECK(list_commands({&views[2], &views[0], &views[2]}, views[0]) ==
          "SIGMUND_STATE_DIR=" + scratch.at("c") + " sigmund list; sigmund list");
    const std::string all = list_commands({&views[0], &views[1], &views[2], &views[3], &views[4]}, views[0]);
    CHECK(all.ends_with("; and 2 more stores"));
}
