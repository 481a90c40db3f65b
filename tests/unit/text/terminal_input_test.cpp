// SPDX-License-Identifier: Apache-2.0
#include "text/terminal_input.hpp"

#include <doctest/doctest.h>

#include <string>

using sigmund::text::InputKind;
using sigmund::text::TerminalInput;

namespace {

// Returns a letter for each piece: text, key, report and answer; a capital one is of a paste or not whole.
std::string kinds(TerminalInput& input, const std::string& bytes) {
    std::string out;
    for (const auto& piece : input.feed(bytes)) {
        const char letter = "tkra"[static_cast<int>(piece.kind)];
        out += piece.pasted || !piece.whole ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
    return out;
}
std::string kinds(const std::string& bytes) {
    TerminalInput input;
    return kinds(input, bytes);
}

}  // namespace

TEST_CASE("what a person types is told from what a terminal sends itself") {
    CHECK(kinds("ls\r") == "t");
    CHECK(kinds("\x1b[A\x1bOA\x1b[1;5C\x1b[3~\x1bx\x1b\x7f") == "kkkkkk");
    CHECK(kinds("\x1b[97;5u\x1b[27;5;97~") == "kk");
    CHECK(kinds("\x1b[<0;3;4M\x1b[<0;3;4m\x1b[M !!\x1b[35;1;1M") == "rrrr");
    CHECK(kinds("\x1b[I\x1b[O") == "rr");
    CHECK(
        kinds("\x1b[?1;2c\x1b[>41;354;0c\x1b[0n\x1b[12;40R\x1b[?12;40R\x1b[?2026;2$y\x1b[8;24;80t\x1b[?1u") ==
        "aaaaaaaa");
    CHECK(kinds("\x1b]11;rgb:0000/0000/0000\x1b\\\x1b]4;1;rgb:0/0/0\x07\x1bP1$r0m\x1b\\") == "aaa");
    CHECK(kinds("a\x1b[Ib\x1b[?1;2cc") == "trtat");
}

TEST_CASE("everything in a paste is text") {
    CHECK(kinds("\x1b[200~a\x1b[?1;2c\x1b[A\x1b[201~b") == "kTTTkt");
}

TEST_CASE("a sequence that is cut off goes on with the next bytes") {
    TerminalInput input;
    CHECK(kinds(input, "\x1b") == "K");
    CHECK(kinds(input, "[") == "K");
    CHECK(kinds(input, "?1;") == "A");
    CHECK(kinds(input, "2cx") == "at");
    CHECK(kinds(input, "\x1b]11;") == "A");
    CHECK(kinds(input, "rgb\x07y") == "at");
    CHECK(kinds(input, "\x1b[M !") == "R");
    CHECK(kinds(input, "!z") == "rt");
}

TEST_CASE("keys with Alt that begin a sequence do not swallow what is typed behind them") {
    TerminalInput input;
    CHECK(kinds(input, "\x1b]") == "K");
    CHECK(kinds(input, "word") == "t");
    CHECK(kinds(input, "\x1b]word") == "kt");
    CHECK(kinds(input, "\x1b[\r") == "kt");
    CHECK(kinds(input, "\x1bP\rx") == "kt");
}
