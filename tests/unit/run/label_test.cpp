// SPDX-License-Identifier: Apache-2.0
#include "run/label.hpp"

#include <doctest/doctest.h>

using namespace sigmund;

TEST_CASE("a run is called by its name with its id, or by its id alone") {
    run::Record record;
    record.id = "7f3c2a";
    CHECK(run::label(record) == "7f3c2a");
    record.name = "web";
    CHECK(run::label(record) == "web (7f3c2a)");
}
