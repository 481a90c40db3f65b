// SPDX-License-Identifier: Apache-2.0
#include "text/suggest.hpp"

#include <doctest/doctest.h>

using namespace sigmund::text;

TEST_CASE("the nearest word, if it may be a typing error") {
    static constexpr std::string_view words[] = {"list", "show",   "stop",   "restart", "prune", "up",
                                                 "wait", "--name", "--wait", "--watch", "-n",    "-q"};
    struct Case {
        const char* word;
        const char* nearest;  // null: nothing
    };
    const Case cases[] = {
        {"list", "list"},
        {"lits", "list"},   // neighbours swapped
        {"lst", "list"},    // one missing
        {"liist", "list"},  // one too many
        {"shop", "show"},   // the first of two as near
        {"restrat", "restart"},
        {"retart", "restart"},
        {"rstrt", "restart"},  // two of five letters
        {"prnu", nullptr},     // two of four
        {"pru", "prune"},      // a prefix of three
        {"rest", "restart"},
        {"start", nullptr},  // a word of its own
        {"tart", nullptr},
        {"estart", "restart"},
        {"pr", nullptr},  // too short a prefix
        {"pu", "up"},
        {"--nmae", "--name"},
        {"--wat", "--wait"},
        {"--na", nullptr},  // dashes are no letters
        {"-x", nullptr},    // nothing is left of it
        {"redis-server", nullptr},
        {"", nullptr},
        {"-", nullptr},
        {"--", nullptr},
    };
    for (const Case& c : cases) {
        CAPTURE(c.word);
        const auto nearest = suggest(c.word, words);
        CHECK(nearest.has_value() == (c.nearest != nullptr));
        if (nearest && c.nearest) CHECK(*nearest == c.nearest);
    }
    CHECK_FALSE(suggest("list", {}).has_value());
    CHECK_FALSE(suggest(std::string(1 << 20, 'x'), words).has_value());
}
