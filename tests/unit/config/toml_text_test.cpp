// SPDX-License-Identifier: Apache-2.0
#include "config/toml_text.hpp"

#include <doctest/doctest.h>

#include <toml++/toml.h>

using namespace sigmund;

TEST_CASE("toml++ reads every text back exactly") {
    std::vector<std::string> texts = {"",
                                      "plain",
                                      "it's",
                                      "\"quoted\"",
                                      "back\\slash",
                                      "'\"\\",
                                      "a\nb",
                                      "\r\n",
                                      "\ttab",
                                      "é 日本 \xF0\x9F\x98\x80",
                                      "\xE2\x80\xAE",
                                      "\xF3\xA0\x81\x81",
                                      "C:\\new 'x'"};
    for (char c = 1; c < 0x20; ++c) texts.push_back(std::string("x\"") + c);
    texts.emplace_back("\x7f");
    for (const std::string& text : texts) {
        const toml::table read =
            toml::parse("a = " + config::toml_string(text) + "\nb = " + config::toml_array({text, text}) +
                        '\n' + (text.empty() ? "\"\"" : config::toml_key(text)) + " = 1\n");
        CHECK(read["a"].value_exact<std::string>() == text);
        REQUIRE(read["b"].as_array());
        CHECK((*read["b"].as_array())[1].value_exact<std::string>() == text);
        CHECK(read[text].value_exact<std::int64_t>() == 1);
    }
}

TEST_CASE("what is written in quotes shows nothing hidden, and is as plain as it can be") {
    CHECK(config::toml_string("echo \"$A\"") == "'echo \"$A\"'");
    CHECK(config::toml_string("it's \"x\"") == "\"it's \\\"x\\\"\"");
    CHECK(config::toml_string("\"\xE2\x80\xAE") == "\"\\\"\\u202E\"");
    CHECK(config::toml_string("\x1b[31m") == "\"\\u001B[31m\"");
    CHECK(config::toml_key("web_1-x") == "web_1-x");
    CHECK(config::toml_key("a.b") == "\"a.b\"");
}
