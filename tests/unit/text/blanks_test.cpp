// SPDX-License-Identifier: Apache-2.0
#include "text/blanks.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace sigmund;

namespace {

std::string render(const std::string& before, const text::Numbers& numbers, const std::string& after) {
    return before + std::to_string(numbers[0]) + "," + std::to_string(numbers[1]) + "," +
           std::to_string(numbers[0]) + "," + std::to_string(numbers[2]) + after;
}

std::string filled(const std::string& before, const text::Numbers& values, const std::string& after) {
    text::Blanks blanks(render(before, text::stand_ins_one, after),
                        render(before, text::stand_ins_two, after));
    const text::Blanks::Form form = blanks.form();
    return {form.out, text::fill_in(form, values)};
}

}  // namespace

TEST_CASE("Blanks are filled in with the numbers, and nothing else changes") {
    const text::Numbers small{1, 2, 3}, large{std::numeric_limits<int>::max(), 9223372036854775807, 1};
    for (const text::Numbers& values : {small, large})
        for (const std::string text : {"", "x", "7", "{\"a\":", "\n"})
            CHECK(filled(text, values, text) == render(text, values, text));
}

TEST_CASE("A number of 0 is null") {
    CHECK(filled("", {5, 6, 0}, "") == "5,6,5,null");
}

TEST_CASE("A text that contains the stand-ins keeps them") {
    std::string hostile;
    for (const text::Numbers& numbers : {text::stand_ins_one, text::stand_ins_two})
        for (const std::uint64_t number : numbers) hostile += std::to_string(number) + ' ';
    CHECK(filled(hostile, {1, 2, 3}, hostile) == hostile + "1,2,1,3" + hostile);
}

TEST_CASE("A text without blanks stays as it is") {
    text::Blanks blanks("as it is", "as it is");
    CHECK(blanks.count() == 0);
    const text::Blanks::Form form = blanks.form();
    CHECK(std::string(form.out, text::fill_in(form, {1, 2, 3})) == "as it is");
    text::Blanks empty;
    CHECK(text::fill_in(empty.form(), {1, 2, 3}) == 0);
}
