// SPDX-License-Identifier: Apache-2.0
#include "text/unit_words.hpp"

#include <doctest/doctest.h>

using namespace sigmund;
using text::UnitPlace;

namespace {

// Reads words back by the rules of systemd.syntax(7) and systemd.service(5), as far as unit_word() uses them.
std::vector<std::string> read_back(std::string_view line, UnitPlace place) {
    std::vector<std::string> out;
    bool quoted = false, open = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (!quoted && c == ' ') {
            open = false;
            continue;
        }
        if (!open) out.emplace_back();
        open = true;
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '\\') {
            const char kind = line[++at];
            const int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
            if (digits == 0) {
                out.back() += kind == 'n' ? '\n' : kind == 't' ? '\t' : kind;
                continue;
            }
            const auto code =
                static_cast<char32_t>(std::stoul(std::string(line.substr(at + 1, digits)), nullptr, 16));
            at += static_cast<std::size_t>(digits);
            if (code < 0x80) {
                out.back() += static_cast<char>(code);
            } else if (code < 0x800) {
                out.back() += {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 63))};
            } else if (code < 0x10000) {
                out.back() +=
                    {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 63)),
                     static_cast<char>(0x80 | (code & 63))};
            } else {
                out.back() +=
                    {static_cast<char>(0xF0 | (code >> 18)), static_cast<char>(0x80 | ((code >> 12) & 63)),
                     static_cast<char>(0x80 | ((code >> 6) & 63)), static_cast<char>(0x80 | (code & 63))};
            }
        } else if (c == '%' || (c == '$' && place == UnitPlace::command)) {
            REQUIRE(at + 1 < line.size());
            REQUIRE(line[at + 1] == c);  // else it would be replaced
            out.back() += line[at++];
        } else {
            out.back() += c;
        }
    }
    CHECK_FALSE(quoted);
    return out;
}

}  // namespace

TEST_CASE("systemd reads every word back exactly") {
    std::vector<std::string> words = {"plain",
                                      "a b",
                                      "",
                                      "$HOME",
                                      "${X}$$",
                                      "100%",
                                      "%h%%",
                                      "\"q\"",
                                      "it's",
                                      "\\",
                                      "\\n",
                                      "a\nb",
                                      "\t",
                                      ";",
                                      "#",
                                      "é日本",
                                      "\xF0\x9F\x98\x80",
                                      "\xE2\x80\xAE",
                                      "\xC2\x85",
                                      "\xF3\xA0\x81\x81",
                                      "-@:+!x",
                                      "a\\",
                                      " x ",
                                      "\r"};
    for (char c = 1; c < 0x20; ++c) words.push_back(std::string("f") + c + 'f');
    words.emplace_back("\x7f");
    for (const UnitPlace place : {UnitPlace::command, UnitPlace::list}) {
        CHECK(read_back(text::unit_words(words, place), place) == words);
        for (const std::string& each : words) {
            const std::string written = text::unit_word(each, place);
            CHECK(read_back(written, place) == std::vector<std::string>{each});
            CHECK(written.find('\n') == std::string::npos);
        }
    }
}

TEST_CASE("words are quoted only where it is needed") {
    CHECK(text::unit_word("--port=80", UnitPlace::command) == "--port=80");
    CHECK(text::unit_word("$A", UnitPlace::command) == "\"$$A\"");
    CHECK(text::unit_word("$A", UnitPlace::list) == "\"$A\"");
    CHECK(text::unit_word("a\xff", UnitPlace::list) == "\"a\\xff\"");
    CHECK(text::unit_word("", UnitPlace::list) == "\"\"");
    CHECK(text::unit_word("\xE2\x80\xAE", UnitPlace::list) == "\"\\u202e\"");
}

TEST_CASE("the rest of a line is written only if systemd reads it back") {
    CHECK(text::unit_rest("/a b/100%") == "/a b/100%%");
    CHECK(text::unit_rest("/a\\b") == "/a\\b");
    for (const char* bad : {"", "/a ", "/a\t", "/a\\", "/a\nb", "/a\x7f", "/\xff"})
        CHECK_MESSAGE(!text::unit_rest(bad), bad);
}
