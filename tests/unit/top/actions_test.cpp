// SPDX-License-Identifier: Apache-2.0
#include "top/actions.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::top;

TEST_CASE("a key is an action only for a run that it fits") {
    run::Judged run;
    run.record.id = "7f3c2a";
    run.record.name = "web";
    run.verdict.state = run::State::running;
    REQUIRE(action_of('s', run));
    CHECK(action_of('s', run)->asks);
    CHECK(question(*action_of('s', run), run.record) == "stop web (7f3c2a)?");
    CHECK(action_of('p', run)->verb == "pause");
    CHECK_FALSE(action_of('x', run));
    CHECK_FALSE(action_of('q', run));
    run.verdict.state = run::State::paused;
    CHECK(action_of('p', run)->verb == "resume");
    run.verdict.state = run::State::exited;
    CHECK_FALSE(action_of('s', run));
    CHECK_FALSE(action_of('p', run));
    CHECK(action_of('x', run)->asks);
    for (const Action& action : actions())
        if (action.verb == "stop" || action.verb == "kill" || action.verb == "restart" ||
            action.verb == "prune")
            CHECK(action.asks);
}
