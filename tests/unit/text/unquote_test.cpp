// SPDX-License-Identifier: Apache-2.0
#include "text/unquote.hpp"

#include <doctest/doctest.h>

#include "text/quote.hpp"

using sigmund::text::unquote;

TEST_CASE("quotes and backslashes are removed as a shell removes them") {
    CHECK(unquote("web").compare("web") == 0);
    CHECK(unquote("'a b'") == "a b");
    CHECK(unquote("\"a b\"c") == "a bc");
    CHECK(unquote(R"(a\ b)") == "a b");
    CHECK(unquote(R"('it'\''s')") == "it's");
    CHECK(unquote(R"("\$x \n \"q\"")") == R"($x \n "q")");
    CHECK(unquote("a\\\nb") == "ab");
    CHECK(unquote("$(touch x)`y`") == "$(touch x)`y`");
}

TEST_CASE("an unfinished word is read as far as it goes") {
    CHECK(unquote("'a b") == "a b");
    CHECK(unquote("\"a b") == "a b");
    CHECK(unquote("a\\").compare("a") == 0);
    CHECK(unquote("").empty());
    CHECK(unquote("\"").empty());
}

TEST_CASE("a word that quote() has written is read back") {
    for (const std::string word : {"web", "a b", "it's", "$x", "\\", "\"", "\n", "--x=y z", "\xff\x01"})
        CHECK(unquote(sigmund::text::quote(word)) == word);
}
