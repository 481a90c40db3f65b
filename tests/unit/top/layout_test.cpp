// SPDX-License-Identifier: Apache-2.0
#include "top/layout.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::top;

TEST_CASE("every size from 40x10 on has a list, a log and a last line, and columns that do not overlap") {
    CHECK_FALSE(layout_of(39, 10, 5).fits);
    CHECK_FALSE(layout_of(40, 9, 5).fits);
    CHECK_FALSE(layout_of(0, 0, 0).fits);
    for (std::size_t columns = 40; columns < 300; ++columns)
        for (const std::size_t rows : {10, 11, 24, 60, 200})
            for (const std::size_t runs : {0, 1, 7, 1000}) {
                const Layout l = layout_of(columns, rows, runs);
                CAPTURE(columns);
                CAPTURE(rows);
                REQUIRE(l.fits);
                CHECK(l.list_rows >= 3);
                CHECK(l.log_rows >= 3);
                CHECK(l.log_title == l.list_at + l.list_rows);
                CHECK(l.log_at + l.log_rows == l.last);
                CHECK(l.last == rows - 1);
                std::size_t at = 0;
                for (const Place& place : l.places) {
                    CHECK(place.at >= at);
                    CHECK(place.width > 0);
                    at = place.at + place.width;
                }
                CHECK(at <= columns);
            }
    CHECK(layout_of(40, 10, 1).places.size() == 4);
    CHECK(layout_of(200, 50, 1).places.size() == 9);
}
