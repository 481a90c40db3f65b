// SPDX-License-Identifier: Apache-2.0
#include "text/suggest.hpp"

#include <doctest/doctest.h>

using namespace sigmund::text;

TEST_CASE("the nearest word is suggested if the word may be a typing error") {
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
        {"shop", "show"},   // the first of two equally near words
        {"restrat", "restart"},
        {"retart", "restart"},
        {"rstrt", "restart"},  // two of five letters differ
        {"prnu", nullptr},     // two of four letters differ
        {"pru", "prune"},      // a prefix of three letters
        {"rest", "restart"},
        {"start", nullptr},  // it is another word
        {"tart", nullptr},
        {"estart", "restart"},
        {"pr", nullptr},  // the prefix is too short
        {"pu", "up"},
        {"--nmae", "--name"},
        {"--wat", "--wait"},
        {"--na", nullptr},  // dashes are not letters
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
