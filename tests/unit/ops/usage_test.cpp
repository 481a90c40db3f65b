// SPDX-License-Identifier: Apache-2.0
#include "ops/usage.hpp"

#include <doctest/doctest.h>

using namespace sigmund;

TEST_CASE("the groups of leader, stages and workers belong to the run, and others do not") {
    run::Record record;
    record.pgid = 42;
    CHECK(ops::own_group(record, 42));
    CHECK_FALSE(ops::own_group(record, 43));
    record.stages.emplace_back().pid = 43;
    record.workers.emplace_back().pid = 44;
    for (const pid_t group : {42, 43, 44}) CHECK(ops::own_group(record, group));
    CHECK_FALSE(ops::own_group(record, 45));
}
