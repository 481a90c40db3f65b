// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "ops/explain_parts.hpp"

using namespace sigmund;

TEST_CASE("a run is called by its name with its id, or by its id alone") {
    run::Record record;
    record.id = "7f3c2a";
    CHECK(ops::label_of(record) == "7f3c2a");
    record.name = "web";
    CHECK(ops::label_of(record) == "web (7f3c2a)");
}
