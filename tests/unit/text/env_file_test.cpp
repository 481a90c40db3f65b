// SPDX-License-Identifier: Apache-2.0
#include "text/env_file.hpp"

#include <doctest/doctest.h>

using namespace sigmund::text;
using Entries = std::vector<EnvEntry>;

namespace {

std::string value_of(const std::string& text) {
    const EnvFile file = parse_env_file("A=" + text);
    CHECK_MESSAGE(file.bad_line == 0, text << ": " << file.problem);
    return file.entries.empty() ? "-" : file.entries[0].value.value_or("none");
}

void wrong(const std::string& text, int line, const std::string& problem) {
    const EnvFile file = parse_env_file(text);
    CHECK_MESSAGE(file.bad_line == line, text);
    CHECK_MESSAGE(file.problem.find(problem) != std::string::npos, file.problem);
}

}  // namespace

TEST_CASE("an environment file may have comments, blank lines, export, a byte order mark and CRLF") {
    CHECK(parse_env_file("\xEF\xBB\xBF"
                         "A=1\r\n\r\n  # no\n;no\nexport B=2\n  C = 3 \nexport\tD=4\nE=")
              .entries == Entries{{"A", "1"}, {"B", "2"}, {"C", "3"}, {"D", "4"}, {"E", ""}});
    CHECK(parse_env_file("").entries.empty());
    CHECK(parse_env_file("\xEF\xBB\xBF").entries.empty());
    CHECK(parse_env_file("a.b-c=1\nexported=2").entries == Entries{{"a.b-c", "1"}, {"exported", "2"}});
}

TEST_CASE("a line without '=' means the caller's value") {
    CHECK(parse_env_file("A\nexport B\r\n").entries == Entries{{"A", {}}, {"B", {}}});
}

TEST_CASE("values of an environment file may be quoted and escaped") {
    CHECK(value_of("x y  ") == "x y");
    CHECK(value_of("x # said") == "x");
    CHECK(value_of("x#y") == "x#y");
    CHECK(value_of("# said") == "");
    CHECK(value_of("a=b") == "a=b");
    CHECK(value_of("C:\\new") == "C:\\new");
    CHECK(value_of("it's") == "it's");
    CHECK(value_of("$HOME `x`") == "$HOME `x`");
    CHECK(value_of("\" x # y \" # said") == " x # y ");
    CHECK(value_of("''") == "");
    CHECK(value_of("'a\\n\"b\"'") == "a\\n\"b\"");
    CHECK(value_of("\"a\\n\\t\\\"b\\\"\\\\ \\$x \\q\"") == "a\n\t\"b\"\\ $x \\q");
    CHECK(value_of("\"one\r\ntwo\"") == "one\ntwo");
    CHECK(value_of("'one\n# two'") == "one\n# two");
    CHECK(value_of("\"one\\\n two\"") == "one two");
    CHECK(value_of("\"a\"'b'") == "ab");
    const EnvFile after = parse_env_file("A='x\ny'\nB=2");
    CHECK(after.entries == Entries{{"A", "x\ny"}, {"B", "2"}});
}

TEST_CASE("a mistake in an environment file is reported with its line") {
    wrong("A=1\n1B=2\n", 2, "\"1B\" is not the name of a variable");
    wrong("A=1\nnot a line\n", 2, "not NAME=VALUE");
    wrong("=x", 1, "is not the name");
    wrong("A=1\nB=\"x\ny\n", 2, "a quote is not closed");
    wrong("A='x\ny' z\nB=1", 2, "after the closing quote");
    wrong("A='x'#y", 1, "after the closing quote");
    wrong(std::string("A=1\nB=x\0y\n", 11), 2, "NUL");
    wrong(std::string("A='1\nB=x\0y'\n", 13), 2, "NUL");
    wrong(std::string("A=\"\\\0\"\n", 7), 1, "NUL");
}
