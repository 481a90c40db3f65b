// SPDX-License-Identifier: Apache-2.0
#include "top/spark.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace sigmund;
using namespace sigmund::top;

TEST_CASE("a sparkline shows the last samples, the lowest and the highest") {
    using Samples = std::vector<std::int64_t>;
    struct Case {
        Samples samples;
        std::size_t most, width;
        const char *blocks, *letters;
    };
    const Case cases[] = {
        {{}, 4, 4, "    ", "    "},
        {{5}, 4, 4, "   ▁", "   _"},
        {{0, 7}, 4, 4, "  ▁█", "  _#"},
        {{0, 100, 200, 300, 400, 500, 600, 700}, 8, 8, "▁▂▃▄▅▆▇█", "_.-=+*%#"},
        {{9, 0, 0, 7, 7}, 4, 2, "▁█", "_#"},       // the oldest is left out, two samples in a column
        {{1000, 1001, 1010}, 3, 3, "▁▁▁", "___"},  // less than a fiftieth is no change
        {{1, 2}, 0, 4, "", ""},
        {{1, 2}, 4, 0, "", ""},
        {{0, 70}, 2, 4, "▁▁██", "__##"},  // more columns than samples
    };
    for (const Case& c : cases) {
        CHECK(sparkline(c.samples, c.most, c.width, false) == c.blocks);
        CHECK(sparkline(c.samples, c.most, c.width, true) == c.letters);
    }
}
