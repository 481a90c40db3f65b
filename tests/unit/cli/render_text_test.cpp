// SPDX-License-Identifier: Apache-2.0
#include "cli/render_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "run/failure.hpp"

using namespace sigmund;

TEST_CASE("columns keep their order, may be repeated, and the default ones are all known") {
    CHECK(cli::parse_columns("name,id,name") == std::vector<std::string>{"name", "id", "name"});
    CHECK(cli::parse_columns(cli::default_columns).size() == 11);
}

TEST_CASE("an unknown column is refused with the nearest one, or with those there are") {
    const auto hint_for = [](const char* list) -> std::string {
        try {
            cli::parse_columns(list);
        } catch (const run::Failure& failure) {
            CHECK(failure.exit == run::Exit::usage);
            return failure.hint;
        }
        return "no failure";
    };
    CHECK(hint_for("id,nmae") == "did you mean name?");
    CHECK(hint_for("qqqqqqqq").starts_with("one of id name"));
    for (const char* list : {"", ",", "id,", "id,,pid", " id"}) {
        CAPTURE(list);
        CHECK(hint_for(list) != "no failure");
    }
}
