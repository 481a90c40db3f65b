// SPDX-License-Identifier: Apache-2.0
#include "stack/differences.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using stack::Stated;
using Sentences = std::vector<std::string>;

namespace {

Sentences compare_texts(const std::string& before, const std::string& now) {
    Stated a, b;
    a.state("command", before);
    b.state("command", now);
    return differences(a, b);
}

}  // namespace

TEST_CASE("each difference between two statements is one sentence") {
    Stated before, now;
    CHECK(differences(before, now).empty());
    before.state("command", "node a.js");
    before.state("cwd", "web");
    before.state("nice", "5");
    before.state_variable("DB_URL", "a");
    before.state_variable("GONE", "a");
    before.state_variable("SAME", "a");
    before.state_contents(".env", "A=1\n");
    before.state_contents("old.env", "");
    now.state("ready", "tcp:3000");
    now.state("command", "node b.js");
    now.state("cwd", "web");
    now.state_variable("DB_URL", "b");
    now.state_variable("NEW", "a");
    now.state_variable("SAME", "a");
    now.state_contents(".env", "A=2\n");
    now.state_contents("new.env", "");
    CHECK(differences(before, now) == Sentences{
                                          "command was \"node a.js\", and is now \"node b.js\"",
                                          "the contents of .env have changed",
                                          "new.env was not read, and is now",
                                          "old.env is not read any more",
                                          "the value of DB_URL has changed",
                                          "GONE is not set any more",
                                          "NEW was not set, and is now",
                                          "nice was \"5\", and is not set any more",
                                          "ready was not set, and is now \"tcp:3000\"",
                                      });
    CHECK(differences(now, now).empty());
    CHECK(differences(before, before).empty());
    CHECK(before == before);
    CHECK_FALSE(before == now);
}

TEST_CASE("an empty value is not the same as none") {
    Stated none, empty;
    empty.state("ready", "");
    empty.state_variable("A", "");
    CHECK(differences(none, empty) ==
          Sentences{"A was not set, and is now", "ready was not set, and is now \"\""});
}

TEST_CASE("the last statement of a key counts") {
    Stated once, twice;
    once.state("port", "2");
    twice.state("port", "1");
    twice.state("port", "2");
    CHECK(once == twice);
    // A value that was shown once and is secret now is not shown.
    Stated text, secret;
    text.state("env.A", "word");
    secret.state_variable("A", "word");
    CHECK(differences(text, secret) == Sentences{"the value of A has changed"});
}

TEST_CASE("a long value is shown around its first difference") {
    const std::string x20(20, 'x'), x40(40, 'x'), x41(41, 'x'), y60(60, 'y'), y61(61, 'y');
    CHECK(compare_texts(x40 + "a", x40 + "b").front() ==
          "command was \"" + x40 + "a\", and is now \"" + x40 + "b\"");
    CHECK(compare_texts(y60, y60 + "z").front() == "command was \"\u2026" + std::string(20, 'y') +
                                                       "\", and is now \"\u2026" + std::string(20, 'y') +
                                                       "z\"");
    CHECK(compare_texts("a", y61).front() ==
          "command was \"a\", and is now \"" + std::string(59, 'y') + "\u2026\"");
    // A short common beginning is shown whole.
    CHECK(compare_texts(x40 + "a" + y60, x40 + "b").front() ==
          "command was \"" + x40 + "a" + std::string(18, 'y') + "\u2026\", and is now \"" + x40 + "b\"");
    CHECK(compare_texts(x41 + "a" + y60, x41 + "b").front() ==
          "command was \"\u2026" + x20 + "a" + std::string(37, 'y') + "\u2026\", and is now \"\u2026" + x20 +
              "b\"");
    const std::string million(1'000'000, 'm');
    CHECK(compare_texts(million, million + "n").front().size() < 200);
}

TEST_CASE("what is stated survives its way through JSON") {
    Stated stated;
    CHECK(stated.json() == "{}");
    CHECK(Stated::from_json("{}") == stated);
    stated.state("command", "node \"a\"\n\\ \u00e4");
    stated.state("bytes", "\xff");
    stated.state("\xff", "");
    stated.state("zero", std::string_view("a\0b", 3));
    stated.state_variable("SECRET", "hunter2");
    stated.state_contents("a b\xff", "hunter3");
    const std::string json = stated.json();
    CHECK(Stated::from_json(json) == stated);
    CHECK(json.find("hunter") == json.npos);
    CHECK(json.find("env.SECRET") != json.npos);
    // The hash is part of the record's format: another one would make each run look changed.
    Stated fixed;
    fixed.state_variable("A", "1");
    fixed.state("port", "3000");
    CHECK(fixed.json() == R"({"env.A":1896879164,"port":"3000"})");
}

TEST_CASE("the hash of a secret depends on its key") {
    Stated a, b;
    a.state_variable("A", "1");
    b.state_variable("B", "1");
    CHECK(a.json().substr(10) != b.json().substr(10));
}

TEST_CASE("only an object of texts and hashes is read as a statement") {
    for (const char* wrong : {
             "",
             "{",
             "null",
             "1",
             "\"a\"",
             "[]",
             "[{}]",
             "{}{}",
             "{} x",
             R"({"a":null})",
             R"({"a":true})",
             R"({"a":-1})",
             R"({"a":1.5})",
             R"({"a":4294967296})",
             R"({"a":{}})",
             R"({"a":{"b":"c"}})",
             R"({"a":[]})",
             R"({"a":"b","a":"b"})",
             R"({"a":"b","a":1})",
             "{\"a\":\"\xff\"}",
             R"({"a":"b",})",
             R"({"a":1e3})",
             R"({"a":"\ud800"})",
         })
        CHECK_MESSAGE(!Stated::from_json(wrong), wrong);
    CHECK(Stated::from_json(" {\"a\":4294967295} "));
    CHECK_FALSE(Stated::from_json(std::string(1'000'000, '[')));
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
    CHECK_FALSE(Stated::from_json(deep));
}
