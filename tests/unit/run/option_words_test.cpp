// SPDX-License-Identifier: Apache-2.0
#include "run/option_words.hpp"

#include <doctest/doctest.h>

using sigmund::run::options_as_keys;

TEST_CASE("options in a sentence become the keys of a template, and other words stay") {
    CHECK(options_as_keys("see --ready and --ready-timeout") == "see `ready` and `ready-timeout`");
    CHECK(options_as_keys("it is taken (--ready-shared accepts it)") ==
          "it is taken (`ready-shared = true` accepts it)");
    CHECK(options_as_keys("--timeout ran out") == "`timeout` ran out");
    for (const char* same :
         {"", "-", "--", "a--ready", "sigmund list --all", "--nonsense", "---ready", "a -- b", "ready"})
        CHECK_MESSAGE(options_as_keys(same) == same, same);
}
