// SPDX-License-Identifier: Apache-2.0
#include "text/ignore.hpp"

#include <doctest/doctest.h>

using namespace sigmund::text;

TEST_CASE("globs match as in a shell") {
    struct Case {
        const char* glob;
        const char* text;
        bool matches;
    };
    const Case cases[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*.c", "a.c", true},
        {"*.c", "a/b.c", false},
        {"?", "/", false},
        {"**", "a/b/c", true},
        {"**/c", "c", true},
        {"**/c", "a/b/c", true},
        {"**/c", "bc", false},
        {"a/**", "a/b/c", true},
        {"a/**", "a", false},
        {"a/**/b", "a/b", true},
        {"a/**/b", "a/x/y/b", true},
        {"a/**/b", "ab", false},
        {"a**b", "axxb", true},
        {"a**b", "a/b", false},
        {"[a-c]x", "bx", true},
        {"[!a-c]x", "bx", false},
        {"[^a-c]x", "dx", true},
        {"[]-]", "-", true},
        {"[]-]", "]", true},
        {"[a-]", "-", true},
        {"[[:digit:]_]", "7", true},
        {"[[:digit:]_]", "_", true},
        {"[[:nothing:]]", "n", false},
        {"[a", "a", false},
        {"[!a]", "/", false},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"a\\", "a\\", false},
        {"[\\]]", "]", true},
        {"[a-\\c]", "b", true},
        {"a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    };
    for (const Case& each : cases) {
        INFO(each.glob << " on " << each.text);
        CHECK(glob_match(each.glob, each.text) == each.matches);
    }
    CHECK(glob_match(escape_glob("/w/[x]*?\\y"), "/w/[x]*?\\y"));
    CHECK_FALSE(is_glob("plain/path"));
}

TEST_CASE("the rules of .gitignore apply as in git") {
    using Answer = IgnoreRules::Answer;
    struct Case {
        const char* file;
        const char* path;
        bool folder;
        Answer answer;
    };
    const Case cases[] = {
        {"*.o\n", "a.o", false, Answer::ignored},
        {"*.o", "deep/er/a.o", false, Answer::ignored},
        {"*.o\n!keep.o\n", "x/keep.o", false, Answer::kept},
        {"!keep.o\n*.o\n", "keep.o", false, Answer::ignored},
        {"/top", "top", false, Answer::ignored},
        {"/top", "sub/top", false, Answer::nothing},
        {"build/", "build", true, Answer::ignored},
        {"build/", "build", false, Answer::nothing},
        {"build/", "a/build", true, Answer::ignored},
        {"a/b", "a/b", false, Answer::ignored},
        {"a/b", "x/a/b", false, Answer::nothing},
        {"**/logs", "x/y/logs", true, Answer::ignored},
        {"doc/**/x", "doc/x", false, Answer::ignored},
        {"# no\n\\#yes\n", "#yes", false, Answer::ignored},
        {"# no", "# no", false, Answer::nothing},
        {"\\!bang", "!bang", false, Answer::ignored},
        {"a \n", "a", false, Answer::ignored},
        {"a\\ \n", "a ", false, Answer::ignored},
        {"a\r\n", "a", false, Answer::ignored},
        {"\xef\xbb\xbf"
         "a\n",
         "a", false, Answer::ignored},
        {"\n\n", "a", false, Answer::nothing},
        {"!", "a", false, Answer::nothing},
        {"/", "a", true, Answer::nothing},
        {"foo//", "foo", true, Answer::nothing},
    };
    for (const Case& each : cases) {
        INFO(each.file << " on " << each.path);
        CHECK(IgnoreRules(each.file).ask(each.path, each.folder) == each.answer);
    }
}
