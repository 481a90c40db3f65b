// SPDX-License-Identifier: Apache-2.0
// append_json() must give the very text that the library's dump() gives.
#include "run/json_text.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using Json = nlohmann::ordered_json;

namespace {

std::string dumped(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string appended(const Json& value) {
    std::string out = "before ";
    sigmund::run::append_json(out, value);
    return out.substr(7);
}

}  // namespace

TEST_CASE("a value of each kind becomes the text of dump()") {
    const Json values[] = {nullptr,
                           true,
                           false,
                           0,
                           7,
                           -1,
                           0.5,
                           1e300,
                           "",
                           "plain text",
                           Json::array(),
                           Json::object(),
                           std::numeric_limits<std::int64_t>::min(),
                           std::numeric_limits<std::int64_t>::max(),
                           std::numeric_limits<std::uint64_t>::max()};
    for (const Json& value : values) CHECK(appended(value) == dumped(value));
}

TEST_CASE("each byte alone, at an end and in the middle of a text becomes the text of dump()") {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string one(1, static_cast<char>(byte));
        for (const std::string& text : {one, "a" + one, one + "a", "a" + one + "b", one + one})
            CHECK(appended(text) == dumped(text));
    }
}

TEST_CASE("texts of several bytes for a character become the text of dump(), also when they are cut") {
    const std::string text = "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xc0\xaf";
    for (std::size_t from = 0; from < text.size(); ++from)
        for (std::size_t size = 1; from + size <= text.size(); ++size)
            CHECK(appended(text.substr(from, size)) == dumped(text.substr(from, size)));
}

TEST_CASE("nested values and unusual keys become the text of dump()") {
    const Json value =
        Json::parse(R"({"a":[1,[],{},{"b":null,"c\"\n":["x","\u00e4",-2]}],"":{"z":true,"a":false}})");
    CHECK(appended(value) == dumped(value));
    CHECK(appended(value["a"]) == dumped(value["a"]));
}
