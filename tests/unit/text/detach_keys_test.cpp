// SPDX-License-Identifier: Apache-2.0
#include "text/detach_keys.hpp"

#include <doctest/doctest.h>

#include <string>

using sigmund::text::DetachKeys;

namespace {

constexpr const char* key = "\x1d";

// Returns how many bytes are passed on before the keys detach, or -1 when they do not.
int detaches(const std::string& input) {
    const auto end = DetachKeys().feed(input, 5'000);
    return end ? static_cast<int>(*end) : -1;
}

}  // namespace

TEST_CASE("Ctrl-] three times detaches, and what was before the third is passed on") {
    CHECK(detaches("\x1d\x1d") == -1);
    CHECK(detaches("\x1d\x1d\x1d") == 2);
    CHECK(detaches("ab\x1d\x1d\x1d"
                   "cd") == 4);
    CHECK(detaches("\x1d\x1dx\x1d") == -1);
    CHECK(detaches("\x1d\x1d\r\x1d\x1d\x1d") == 5);
    CHECK(detaches("\x1b\x1d\x1d\x1d") == 3);   // Escape before it
    CHECK(detaches("\x1b[\x1d\x1d\x1d") == 4);  // a sequence that is broken off
}

TEST_CASE("the three must come within a second") {
    DetachKeys slow;
    CHECK(!slow.feed(key, 0));
    CHECK(!slow.feed(key, 900));
    CHECK(!slow.feed(key, 1'001));
    CHECK(slow.feed(key, 1'900) == 0);
    DetachKeys quick;
    CHECK(!quick.feed(key, 10));
    CHECK(!quick.feed(key, 20));
    CHECK(quick.feed(key, 1'010) == 0);
}

TEST_CASE("the encodings of kitty and xterm count, also when they are cut anywhere") {
    for (const std::string one : {"\x1b[93;5u", "\x1b[93;5:1u", "\x1b[93;5:2u", "\x1b[93:125;69u",
                                  "\x1b[27;5;93~", "\x1b[93;5;29u"}) {
        CAPTURE(one);
        const std::string all = one + one + one;
        CHECK(detaches(all) == static_cast<int>(2 * one.size()));
        for (std::size_t cut = 1; cut < all.size(); ++cut) {
            DetachKeys keys;
            const bool early = keys.feed(all.substr(0, cut), 0).has_value();
            CHECK(!early);
            CHECK(keys.feed(all.substr(cut), 0).has_value());
        }
        DetachKeys bytes;
        bool seen = false;
        for (const char c : all) seen = bytes.feed({&c, 1}, 0).has_value();
        CHECK(seen);
    }
    CHECK(detaches("\x1b[93;5u\x1b[93;6u\x1b[93;5u\x1b[93;5u") == -1);  // with Shift it is another key
    CHECK(detaches("\x1b[93;5u\x1b[93;5:3u\x1b[57442;1:3u\x1b[57442;5u\x1b[93;5u\x1d") > 0);
}

TEST_CASE("a paste does not detach, and what the terminal itself sends does not count") {
    CHECK(detaches("\x1b[200~\x1d\x1d\x1d\x1b[201~") == -1);
    CHECK(detaches("\x1b[200~\x1b[93;5u\x1b[93;5u\x1b[93;5u\x1b[201~") == -1);
    CHECK(detaches("\x1d\x1d\x1b[200~\x1b[201~\x1d") == -1);
    CHECK(detaches("\x1b[200~\x1b[201~\x1d\x1d\x1d") > 0);
    CHECK(detaches("\x1d\x1b[<35;4;5M\x1d\x1b[I\x1b[M !!\x1b]11;rgb:0/0/0\x1b\\\x1b[?1;2c\x1d") > 0);
}

TEST_CASE("a user may choose other keys") {
    const auto detaches_with = [](const char* keys, const std::string& input) {
        const auto end = DetachKeys::parse(keys).value().feed(input, 5'000);
        return end ? static_cast<int>(*end) : -1;
    };
    CHECK(detaches_with("ctrl-p ctrl-q", "ab\x10\x11") == 3);
    CHECK(detaches_with("ctrl-p,ctrl-q", "\x10\x10\x11") == 2);
    CHECK(detaches_with("ctrl-p, ctrl-q", "\x10 \x11") == -1);
    CHECK(detaches_with("ctrl-p ctrl-q", "\x11\x10") == -1);
    CHECK(detaches_with("ctrl-p ctrl-q", "\x10\x1b[113;5u") == 1);
    CHECK(detaches_with("ctrl-p ctrl-q", "\x1d\x1d\x1d") == -1);
    CHECK(detaches_with("ctrl-\\", "\x1c") == 0);
    CHECK(detaches_with("ctrl-a ctrl-a ctrl-b", "\x01\x01\x01\x02") == 3);
    for (const char* wrong : {"", " ,", "p", "ctrl-", "ctrl-[", "ctrl-P", "Ctrl-p", "ctrl-p;ctrl-q",
                              "ctrl-pp", "ctrl-a ctrl-a ctrl-a ctrl-a ctrl-a ctrl-a ctrl-a ctrl-a ctrl-a"})
        CHECK_FALSE(DetachKeys::parse(wrong));
    CHECK(DetachKeys().instruction() == "press Ctrl-] three times");
    CHECK(DetachKeys::parse("ctrl-p ctrl-q")->instruction() == "press Ctrl-P Ctrl-Q");
    CHECK(DetachKeys::parse("ctrl-x ctrl-x ctrl-x")->instruction() == "press Ctrl-X three times");
}
