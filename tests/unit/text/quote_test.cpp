// SPDX-License-Identifier: Apache-2.0
#include "text/quote.hpp"

#include <doctest/doctest.h>
#include <stdio.h>

#include <random>

using namespace sigmund::text;

TEST_CASE("words are quoted only where a shell needs it") {
    struct Case {
        const char* word;
        const char* quoted;
    };
    const Case cases[] = {
        {"", "''"},
        {"redis-server", "redis-server"},
        {"--port=6379", "--port=6379"},
        {"/usr/bin/env", "/usr/bin/env"},
        {"user@host:22,+x%", "user@host:22,+x%"},
        {"two words", "'two words'"},
        {"it's", "'it'\\''s'"},
        {"'", "''\\'''"},
        {"$HOME", "'$HOME'"},
        {"a;b", "'a;b'"},
        {"~", "'~'"},
        {"*", "'*'"},
        {"#", "'#'"},
        {"!", "'!'"},
        {"[", "'['"},
        {"{a,b}", "'{a,b}'"},
        {"a\\b", "'a\\b'"},
        {"line\nbreak", "'line\nbreak'"},
        {"=ls", "'=ls'"},
        {"%1", "'%1'"},
        {"caf\u00e9", "'caf\u00e9'"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.word);
        CHECK(quote(std::string_view(c.word)) == c.quoted);
    }
}

TEST_CASE("argv is quoted word by word, and its command protected from assignments and reserved words") {
    using Argv = std::vector<std::string>;
    CHECK(quote(Argv{}) == "");
    CHECK(quote(Argv{"echo", "a b", "A=b", "if"}) == "echo 'a b' A=b if");
    CHECK(quote(Argv{"A=b", "x"}) == "'A=b' x");
    CHECK(quote(Argv{"if", "x"}) == "'if' x");
    CHECK(quote(Argv{"", ""}) == "'' ''");
}

TEST_CASE("sh reads back the quoted words") {
    std::mt19937 random(7);
    std::vector<std::string> argv = {"printf", "%s\\0"};
    std::string expected;
    for (int i = 0; i < 200; ++i) {
        std::string word;
        for (std::size_t size = random() % 8; size > 0; --size) word += static_cast<char>(1 + random() % 255);
        argv.push_back(word);
        expected += word + '\0';
    }
    FILE* shell = popen(quote(argv).c_str(), "r");
    REQUIRE(shell != nullptr);
    std::string got;
    char buffer[4096];
    for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, shell)) > 0;) got.append(buffer, n);
    CHECK(pclose(shell) == 0);
    CHECK((got == expected));
}
