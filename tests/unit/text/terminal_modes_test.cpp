// SPDX-License-Identifier: Apache-2.0
#include "text/terminal_modes.hpp"

#include <doctest/doctest.h>

using sigmund::text::TerminalModes;

namespace {

TerminalModes after(std::string_view output) {
    TerminalModes modes;
    for (const char c : output) modes.feed({&c, 1});
    return modes;
}

}  // namespace

TEST_CASE(
    "the modes that a program has switched on are set and reset, and the usual ones are not mentioned") {
    const struct {
        std::string_view output, set, reset;
    } cases[] = {
        {"plain \x1b[31mtext\x1b[0m", "", ""},
        {"\x1b[?1049h", "\x1b[?1049h", "\x1b[?1049l"},
        {"\x1b[?1049h\x1b[?1049l", "", ""},
        {"\x1b[?25l", "\x1b[?25l", "\x1b[?25h"},
        {"\x1b[?25l\x1b[?25h", "", ""},
        {"\x1b[?1000;1006h", "\x1b[?1000h\x1b[?1006h", "\x1b[?1006l\x1b[?1000l"},
        {"\x1b[?2004h\x1b[?1004h\x1b[?1h\x1b=", "\x1b[?2004h\x1b[?1004h\x1b[?1h\x1b=",
         "\x1b>\x1b[?1l\x1b[?1004l\x1b[?2004l"},
        {"\x1b[>1u\x1b[>3u", "\x1b[>1u\x1b[>3u", "\x1b[<2u"},
        {"\x1b[>1u\x1b[<u", "", ""},
        {"\x1b[=5;1u", "\x1b[>5u", "\x1b[<1u"},
        {"\x1b[>4;2m", "\x1b[>4;2m", "\x1b[>4m"},
        {"\x1b[>4;2m\x1b[>4m", "", ""},
        {"\x1b[?1049h\x1b[?2004h\x1b"
         "c",
         "", ""},
        {"\x1b[?2004h\x1b[!p", "", ""},
        {"\x1b]0;title [?2004h\x07", "", ""},                // the title of a window
        {"\x1bP\x1b[?2004h", "\x1b[?2004h", "\x1b[?2004l"},  // the string ends at the next sequence
        {"\x1b[?9999h\x1b[4h", "", ""},
    };
    for (const auto& each : cases) {
        CAPTURE(each.output);
        CHECK(after(each.output).set() == each.set);
        CHECK(after(each.output).reset() == each.reset);
    }
}

TEST_CASE("questions to the terminal are answered once, and other sequences are no questions") {
    CHECK(after("\x1b[c").take_answers() == "\x1b[?1;2c");
    CHECK(after("\x1b[0c").take_answers() == "\x1b[?1;2c");
    CHECK(after("\x1b[5n\x1b[6n\x1b[?6n").take_answers() == "\x1b[0n\x1b[1;1R\x1b[?1;1R");
    CHECK(after("\x1b[>c\x1b[?u\x1b[16t\x1b]11;?\x07\x1bP+q\x1b\\").take_answers().empty());
    TerminalModes modes = after("\x1b[c");
    modes.take_answers();
    CHECK(modes.take_answers().empty());
}

TEST_CASE("the alternate screen and the mode of the cursor keys are known") {
    CHECK(after("\x1b[?1049h").alternate_screen());
    CHECK(after("\x1b[?47h").alternate_screen());
    CHECK_FALSE(after("\x1b[?1049h\x1b[?1049l").alternate_screen());
    CHECK(after("\x1b[?1h").cursor_keys());
    CHECK_FALSE(after("\x1b[?1h\x1b[?1l").cursor_keys());
}

TEST_CASE("a sequence without end takes no memory") {
    TerminalModes modes;
    modes.feed("\x1b[");
    for (int i = 0; i < 100'000; ++i) modes.feed("1;");
    modes.feed("\x1b[?2004h");
    CHECK(modes.set() == "\x1b[?2004h");
}

TEST_CASE("what the output has begun and not ended is known") {
    const struct {
        std::string_view output, unfinished;
    } cases[] = {
        {"", ""},
        {"text", ""},
        {"a\x1b", "\x1b"},
        {"a\x1b[", "\x1b["},
        {"a\x1b[1;3", "\x1b[1;3"},
        {"a\x1b[31m", ""},
        {"\x1b]0;tit", "\x1b]"},
        {"\x1bP+q\x1b", "\x1bP\x1b"},
        {"\x1b]0;title\x07", ""},
        {"a\xc3", "\xc3"},
        {"a\xe2\x82", "\xe2\x82"},
        {"\xf0\x9f\x92", "\xf0\x9f\x92"},
        {"\xf0\x9f\x92\xa9", ""},
        {"\xe2\x82\xac", ""},
        {"\xc3\xa9", ""},
        {"\x80\x80\x80\x80", ""},
    };
    for (const auto& each : cases) {
        CAPTURE(each.output);
        CHECK(after(each.output).unfinished() == each.unfinished);
    }
}
