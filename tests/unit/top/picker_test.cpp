// SPDX-License-Identifier: Apache-2.0
#include "top/picker.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using namespace sigmund::top;

TEST_CASE("the selection stays with its run") {
    const auto entry = [](const char* id, bool live, std::int64_t at) { return Entry{id, id, live, at}; };
    Picker picker;
    CHECK(picker.selected().empty());
    picker.move(1);
    picker.set({entry("a", true, 1), entry("b", true, 2), entry("c", false, 9)});
    CHECK(picker.shown() == std::vector<std::string>{"b", "a", "c"});
    CHECK(picker.selected() == "b");
    picker.move(1);
    CHECK(picker.selected() == "a");
    picker.set({entry("a", false, 1), entry("b", true, 2), entry("c", false, 9), entry("d", true, 10)});
    CHECK(picker.shown() == std::vector<std::string>{"d", "b", "c", "a"});
    CHECK(picker.selected() == "a");
    CHECK(picker.selected_row() == 3);
    picker.move(-100);
    CHECK(picker.selected() == "d");
    picker.select("c");
    CHECK(picker.selected() == "c");
    picker.select("nobody");
    picker.select_row(77);
    CHECK(picker.selected() == "c");
    picker.set({entry("a", false, 1), entry("b", true, 2), entry("d", true, 10)});
    CHECK(picker.selected() == "a");  // the row in which c was
    picker.set({});
    CHECK(picker.selected().empty());
}

TEST_CASE("the filter takes words in any order and case") {
    CHECK(passes("", "anything"));
    CHECK(passes("WEB run", "7f3c2a web running redis-server"));
    CHECK(passes("  ", "x"));
    CHECK_FALSE(passes("web stopped", "7f3c2a web running"));
    Picker picker;
    picker.set({{"a", "a web", true, 1}, {"b", "b db", true, 2}});
    picker.set_filter("WEB");
    CHECK(picker.shown() == std::vector<std::string>{"a"});
    CHECK(picker.selected() == "a");
    picker.set_filter("");
    CHECK(picker.selected() == "a");
}

TEST_CASE("a list that is longer than the screen moves as little as possible") {
    Picker picker;
    std::vector<Entry> entries;
    for (int i = 0; i < 10; ++i) entries.push_back({std::to_string(i), "", true, 10 - i});
    picker.set(entries);
    CHECK(picker.first_row(4) == 0);
    picker.move(4);
    CHECK(picker.first_row(4) == 1);
    picker.move(-1);
    CHECK(picker.first_row(4) == 1);
    picker.move(100);
    CHECK(picker.first_row(4) == 6);
    CHECK(picker.first_row(100) == 0);
}
