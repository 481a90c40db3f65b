// SPDX-License-Identifier: Apache-2.0
#include "top/cells.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::top;

TEST_CASE("text without its first columns keeps the others in their place") {
    CHECK(without_columns("abcdef", 0) == "abcdef");
    CHECK(without_columns("abcdef", 2) == "cdef");
    CHECK(without_columns("abc", 9) == "");
    CHECK(without_columns("漢字x", 2) == "字x");
    CHECK(without_columns("漢字x", 1) == " 字x");
    CHECK(without_columns("é漢", 1) == "漢");
}
