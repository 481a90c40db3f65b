// SPDX-License-Identifier: Apache-2.0
#include "text/terminal_sanitizer.hpp"

#include <doctest/doctest.h>

using namespace sigmund::text;
using namespace std::string_literals;

namespace {

std::string sanitized(std::string_view bytes) {
    TerminalSanitizer sanitizer;
    std::string out;
    sanitizer.feed(bytes, out);
    sanitizer.finish(out);
    return out;
}

}  // namespace

TEST_CASE("text, colours and what rewrites the current line reach the terminal") {
    for (const char* text :
         {"", "a\tb\n", "10%\r20%\r\n", "12\b3", "gr\u00fc\u00df \u4e2d\u6587 e\u0301 \u274c\n",
          "a\x1b[K\x1b[0K\x1b[1K\x1b[2K", "\x1b[31mred\x1b[0m", "\x1b[1;38;5;9mred\x1b[m",
          "\x1b[4:3m\x1b[38:2::1:2:3mx\x1b[00m"})
        CHECK(sanitized(text) == text);
}

TEST_CASE("attributes that are on at the end are switched off") {
    CHECK(sanitized("\x1b[31mred\n") == "\x1b[31mred\n\x1b[0m");
    CHECK(sanitized("\x1b[0m\x1b[0;1mx") == "\x1b[0m\x1b[0;1mx\x1b[0m");
    CHECK(sanitized("\x1b[38;5;0mx") == "\x1b[38;5;0mx\x1b[0m");
}

TEST_CASE("nothing that a terminal would answer reaches it") {
    for (const char* query : {"\x1b[c",
                              "\x1b[0c",
                              "\x1b[>c",
                              "\x1b[>0q",
                              "\x1b[=c",
                              "\x1b[5n",
                              "\x1b[6n",
                              "\x1b[?6n",
                              "\x1b[?996n",
                              "\x1b[x",
                              "\x1b[1x",
                              "\x1b[14t",
                              "\x1b[18t",
                              "\x1b[21t",
                              "\x1b[?1$p",
                              "\x1b[4$p",
                              "\x1b[?u",
                              "\x1b[?4m",
                              "\x1b[>4;2m",
                              "\x1b[1$w",
                              "\x1b[#m",
                              "\x1b[1;2;3;4;5;6*y",
                              "\x1b[?1;1;0S",
                              "\x1bZ",
                              "\x05",
                              "\x1bP$qm\x1b\\",
                              "\x1bP$q\"p\x1b\\",
                              "\x1bP+q544e\x1b\\",
                              "\x1b]4;1;?\a",
                              "\x1b]10;?\x1b\\",
                              "\x1b]11;?\a",
                              "\x1b]12;?\a",
                              "\x1b]52;c;?\a",
                              "\x1b]52;c;aGk=\x1b\\",
                              "\x1b]50;?\a",
                              "\x1b]702;?\a",
                              "\x1b]1337;ReportCellSize\a",
                              "\x1b_Gi=31,a=q;AAAA\x1b\\",
                              "\x1b_x\xc2\x9c",
                              "\x1b^x\x1b\\",
                              "\x1bXx\x1b\\",
                              "\xc2\x9b"
                              "6n",
                              "\xc2\x9d"
                              "52;c;?\xc2\x9c",
                              "\xc2\x90$qm\xc2\x9c",
                              "\xc2\x9a"})
        CHECK_MESSAGE(sanitized("a"s + query + 'b') == "ab", query);
    // In a single byte, these are not UTF-8.
    CHECK(sanitized("a\x9b"
                    "6nb") == "a\ufffd6nb");
}

TEST_CASE("modes, titles, the cursor and the screen stay as they are") {
    for (const char* control : {"\x1b[?1049h",
                                "\x1b[?47h",
                                "\x1b[?1000h",
                                "\x1b[?2004h",
                                "\x1b[?25l",
                                "\x1b[4h",
                                "\x1b[!p",
                                "\x1b[>1u",
                                "\x1b]0;title\a",
                                "\x1b]2;title\x1b\\",
                                "\x1bktitle\x1b\\",
                                "\x1b]8;;http://x\x1b\\",
                                "\x1b]9;note\a",
                                "\x1b]777;notify;a;b\a",
                                "\x1b]7;file:///\a",
                                "\x1b[22;0t",
                                "\x1b[8;1;1t",
                                "\x1b[H",
                                "\x1b[2;3H",
                                "\x1b[A",
                                "\x1b[9B",
                                "\x1b[C",
                                "\x1b[D",
                                "\x1b[G",
                                "\x1b[d",
                                "\x1b[s",
                                "\x1b[u",
                                "\x1b"
                                "7",
                                "\x1b"
                                "8",
                                "\x1b[J",
                                "\x1b[2J",
                                "\x1b[3J",
                                "\x1b[?K",
                                "\x1b[3K",
                                "\x1b[1;2r",
                                "\x1b[S",
                                "\x1b[L",
                                "\x1b[M",
                                "\x1b[P",
                                "\x1b[@",
                                "\x1b[X",
                                "\x1b[b",
                                "\x1b[5i",
                                "\x1b[4i",
                                "\x1bM",
                                "\x1b"
                                "c",
                                "\x1b=",
                                "\x1b>",
                                "\x1b(0",
                                "\x1b#8",
                                "\x1b%@",
                                "\x1bn",
                                "\x0e",
                                "\x0f",
                                "\a",
                                "\v",
                                "\f",
                                "\x7f",
                                "\xc2\x85",
                                "\xc2\x8d",
                                "\x18",
                                "\x1b[1\x18",
                                "\x1b[1 q"})
        CHECK_MESSAGE(sanitized("a"s + control + 'b') == "ab", control);
    CHECK(sanitized("a\0b"s) == "ab");
}

TEST_CASE("an unfinished sequence ends with its line, and is kept only in part") {
    CHECK(sanitized("a\x1b]0;never ends\r\nb") == "a\r\nb");
    CHECK(sanitized("a\x1bP1\nb") == "a\nb");
    CHECK(sanitized("a\x1b[31\nb") == "a\nb");
    CHECK(sanitized("a\x1b[31\x1b[32mb\x1b[0m") == "a\x1b[32mb\x1b[0m");
    CHECK(sanitized("a\x1b") == "a");
    CHECK(sanitized("a\x1b[38;5") == "a");
    CHECK(sanitized("\x1b[" + std::string(100'000, '1') + "mb") == "b");
    CHECK(sanitized("\x1b]" + std::string(1'000'000, 'x') + "\nb") == "\nb");
}

TEST_CASE("nothing begins within a character") {
    CHECK(sanitized("\xb8\xad"
                    "a") == "a");
    CHECK(sanitized("a\xe4\xb8") == "a\ufffd\ufffd");
    TerminalSanitizer sanitizer;
    std::string out;
    for (const char c : "\xe4\xb8\xad\x1b[31m!"s) sanitizer.feed({&c, 1}, out);
    CHECK(out == "\u4e2d\x1b[31m!");
    out.clear();
    sanitizer.feed("\x1b[3", out);
    CHECK(out.empty());
    sanitizer.finish(out);
    CHECK(out == "\x1b[0m");
}

TEST_CASE("whether a line is open does not depend on colours") {
    TerminalSanitizer sanitizer;
    std::string out;
    CHECK(!sanitizer.line_open());
    sanitizer.feed("\x1b[31ma", out);
    CHECK(sanitizer.line_open());
    sanitizer.feed("\n\x1b[1m", out);
    CHECK(!sanitizer.line_open());
}
