// SPDX-License-Identifier: Apache-2.0
#include "run/key.hpp"

#include <doctest/doctest.h>

using sigmund::run::key_bytes;

TEST_CASE("keys send what a terminal sends for them") {
    CHECK(key_bytes("enter") == "\r");
    CHECK(key_bytes("escape") == "\x1b");
    CHECK(key_bytes("up") == "\x1b[A");
    CHECK(key_bytes("up", true) == "\x1bOA");
    CHECK(key_bytes("f12") == "\x1b[24~");
    CHECK(key_bytes("ctrl-c") == "\x03");
    CHECK(key_bytes("ctrl-C") == "\x03");
    CHECK(key_bytes("ctrl-\\") == "\x1c");
    CHECK(key_bytes("ctrl-]") == "\x1d");
    CHECK(key_bytes("ctrl-space") == std::string(1, '\0'));
    CHECK(key_bytes("alt-x") == "\x1bx");
    CHECK(key_bytes("alt-enter") == "\x1b\r");
    for (const char* name :
         {"", "x", "Enter", "ctrl-", "ctrl-1", "ctrl-up", "alt-", "alt-alt-x", "f13", "alt-nothing"}) {
        CAPTURE(name);
        CHECK_FALSE(key_bytes(name));
    }
}
