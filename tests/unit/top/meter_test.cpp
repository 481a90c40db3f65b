// SPDX-License-Identifier: Apache-2.0
#include "top/meter.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::top;

TEST_CASE("the meter gives tenths of a percent, and forgets what is long ago") {
    Meter meter;
    CHECK_FALSE(meter.cpu());
    CHECK_FALSE(meter.memory());
    meter.add(1'000, 50, 4096);
    CHECK_FALSE(meter.cpu());
    CHECK(*meter.memory() == 4096);
    meter.add(2'000, 550, 8192);
    CHECK(*meter.cpu() == 500);
    meter.add(3'000, 100, 8192);  // a process has ended
    CHECK(*meter.cpu() == 0);
    meter.add(3'000, 100, 8192);  // no time has passed
    CHECK(meter.history() == std::vector<std::int64_t>{4096, 8192, 8192, 8192});
    meter.add(60'000, 100, 1);
    CHECK(meter.history() == std::vector<std::int64_t>{1});
    for (int i = 1; i < 100; ++i) meter.add(60'000 + i * 1'000, 0, i);
    CHECK(meter.history().size() == samples_kept);
    CHECK(meter.history().back() == 99);
}
