// SPDX-License-Identifier: Apache-2.0
#include "ops/used_text.hpp"

#include <doctest/doctest.h>

using namespace sigmund;

TEST_CASE("what a run has used is told in one line") {
    run::Record r;
    r.started_ms = 1'000;
    r.ended_ms = 63'999;
    r.used = {11'000, 1'350, 45 * 1024 * 1024};
    CHECK(ops::duration_of(r) == 62'999);
    CHECK(ops::used_text(r) ==
          "12.3s of CPU time (user 11s, system 1.3s), at most 45 MB of memory in one process, 1m02s long");
    CHECK(ops::used_sentence(r) ==
          "it ran 1m02s, used 12.3s of CPU time and at most 45 MB of memory in one process");
}

TEST_CASE("what is not known is left out, and zero is known") {
    run::Record r;
    r.started_ms = 1'000;
    CHECK(ops::duration_of(r) == std::nullopt);
    CHECK(ops::used_text(r).empty());
    CHECK(ops::used_sentence(r).empty());
    r.ended_ms = 900;  // the clock was set back
    CHECK(ops::duration_of(r) == 0);
    CHECK(ops::used_text(r).empty());
    CHECK(ops::used_sentence(r).empty());
    r.used.cpu_user_ms = 5;
    CHECK(ops::used_text(r).empty());
    r.used.cpu_system_ms = 0;
    CHECK(ops::used_text(r) == "5ms of CPU time (user 5ms, system 0ms), 0ms long");
    CHECK(ops::used_sentence(r) == "it ran 0ms, used 5ms of CPU time");
    r.ended_ms.reset();
    r.used = {{}, {}, 2048};
    CHECK(ops::used_text(r) == "at most 2 KB of memory in one process");
    CHECK(ops::used_sentence(r) == "it used at most 2 KB of memory in one process");
}

TEST_CASE("what a life has used is told in short") {
    run::Life life;
    CHECK(ops::used_in_short(life).empty());
    life.lasted_ms = 400;
    CHECK(ops::used_in_short(life) == "ran 400ms");
    life.used = {20, 1'980, 3 * 1024 * 1024};
    CHECK(ops::used_in_short(life) == "ran 400ms, 2s of CPU time, at most 3 MB");
}
