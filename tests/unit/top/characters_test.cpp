// SPDX-License-Identifier: Apache-2.0
#include "top/characters.hpp"

#include <doctest/doctest.h>

using namespace sigmund::top;

TEST_CASE("the first variable of the locale that is set says whether it is UTF-8") {
    CHECK(means_utf8("", "", "de_DE.UTF-8"));
    CHECK(means_utf8("C.utf8", "C", "C"));
    CHECK(means_utf8("", "en_US.UTF-8@euro", "C"));
    CHECK_FALSE(means_utf8("C", "C.UTF-8", "C.UTF-8"));
    CHECK_FALSE(means_utf8("", "", ""));
    CHECK_FALSE(means_utf8("", "", "de_DE@euro"));
}
