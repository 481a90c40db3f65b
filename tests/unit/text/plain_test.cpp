// SPDX-License-Identifier: Apache-2.0
#include "text/plain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "text/escape.hpp"

using namespace sigmund::text;
using Lines = std::vector<std::string>;

namespace {

// Returns the text that comes out, whose last line may be unfinished.
std::string plain(std::string_view bytes) {
    std::string out;
    PlainText filter([&](std::string_view text, PlainText::Part part) {
        out += text;
        if (part == PlainText::Part::line) out += '\n';
    });
    filter.feed(bytes);
    filter.finish();
    return out + filter.unfinished();
}

// Returns all that is visible at some moment.
Lines states(std::string_view bytes) {
    Lines out;
    PlainText filter([&](std::string_view text, PlainText::Part) { out.emplace_back(text); },
                     {.tabs_as_blanks = false, .states = true});
    filter.feed(bytes);
    filter.finish();
    out.push_back(filter.unfinished());
    return out;
}

}  // namespace

TEST_CASE("plain text stays as it is") {
    for (const char* text :
         {"", "\n\n", "one\ntwo", "one  \n\n two \n", "a\tb\t\n\tc", "prompt> ",
          "gr\u00fc\u00df, \u4e2d\u6587, e\u0301, \U0001f468\u200d\U0001f469\u200d\U0001f467\n"})
        CHECK(plain(text) == text);
}

TEST_CASE("what comes later overwrites its line") {
    CHECK(plain("a\r\nb\r\r\n") == "a\nb\n");
    CHECK(plain("abc\rX\n") == "Xbc\n");
    CHECK(plain("10%\r50%\r100%\n") == "100%\n");
    CHECK(plain("loading...\rdone\n") == "doneing...\n");
    CHECK(plain("loading...\r\x1b[Kdone\n") == "done\n");
    CHECK(plain("loading...\x1b[2K\x1b[1Gdone\n") == "done\n");
    CHECK(plain("loading...\r          \rdone\n") == "done\n");
    CHECK(plain("12\b\b34") == "34");
    CHECK(plain("12\b \b\b \b\n") == "\n");
    CHECK(plain("abc\x1b[2D\x1b[1Kx") == " xc");
    CHECK(plain("abc\x1b[2Gx\x1b[99Dy\n") == "yxc\n");
    CHECK(plain("a\x1b[3Cb\x1b[Cc\x1b[10Gd\n") == "a   b c  d\n");
    CHECK(plain("a\x1b[20C\n") == "a\n");
    CHECK(plain("abcdef\x1b[3G\x1b[K\n") == "ab\n");
    CHECK(plain("abcdef\r\x1b[2P\n") == "cdef\n");
    CHECK(plain("ab\r\x1b[2@x\n") == "x ab\n");
    CHECK(plain("abcd\r\x1b[2X\n") == "  cd\n");
    CHECK(plain("a\tb\rxx\n") == "xx      b\n");
    CHECK(plain("abcdefghij\r\tx\n") == "abcdefghxj\n");
    CHECK(plain("50%\x1b[s|\x1b[u/\x1b[u-\n") == "50%-\n");
}

TEST_CASE("wide characters have two columns") {
    CHECK(plain("\u4e2d\bx") == " x");
    CHECK(plain("\u4e2d\rx") == "x");
    CHECK(plain("\u4e2d\u6587\r\x1b[2Cx") == "\u4e2dx");
    CHECK(plain("ab\r\u4e2d") == "\u4e2d");
    CHECK(plain("abc\x1b[2G\u4e2d") == "a\u4e2d");
    CHECK(plain("e\u0301\rx") == "x");
}

TEST_CASE("a picture that is drawn again is several lines") {
    CHECK(plain("a 1\nb 1\n\x1b[2Aa 2\nb 2\n") == "a 1\nb 1\na 2\nb 2\n");
    CHECK(plain("a 1\nb 1\x1b[1A\ra 2\nb 2\n") == "a 1\nb 1\na 2\nb 2\n");
    CHECK(plain("a 1\nb 1\n\x1b[2F\x1b[Jdone\n") == "a 1\nb 1\ndone\n");
    CHECK(plain("a\x1b[999Ab\n") == "a\n b\n");
    CHECK(plain("a\x1b[2J\x1b[Hb\x1b[3;2Hc\n") == "a\nb\n c\n");
    CHECK(plain("line\n\x1b"
                "7\x1b[24;0f50%\x1b"
                "8next\n") == "line\n50%\nnext\n");
    CHECK(plain("frame 1\n\x1b[2K\x1b[1A\x1b[2K\x1b[Gframe 2\n") == "frame 1\nframe 2\n");
    CHECK(plain("a\x1bMb\x1b"
                "Ec\x1b"
                "cd") == "a\n b\nc\nd");
}

TEST_CASE("only the text of colours, titles and links is left") {
    CHECK(plain("\x1b[1;38;5;9mred\x1b[0m text") == "red text");
    CHECK(plain("\x1b]0;title\atext") == "text");
    CHECK(plain("\x1bktitle\x1b\\text") == "text");
    CHECK(plain("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\") == "link");
    CHECK(plain("\x1b(B\x1b[?25lx\x1b=y\x1b[?2004h") == "xy");
    CHECK(plain("\x1b[6n\x1b[c\x1bPq#0;2;0;0;0\x1b\\a\x1b_Gf=100;AAAA\x1b\\b") == "ab");
    CHECK(plain("\x1bPtmux;\x1b\x1b]52;c;aGk=\a\x1b\\a") == "a");
    CHECK(plain("\xc2\x9b"
                "31mred\xc2\x9d"
                "0;\u2713 title\xc2\x9c!") == "red!");
}

TEST_CASE("the alternate screen is left out") {
    CHECK(plain("a\n\x1b[?1049hx\ny\r\nz\x1b[?1049lb\n") == "a\nb\n");
    CHECK(plain("a\x1b[?47hx\ny\x1b[?47lb\n") == "ab\n");
    CHECK(plain("a\x1b[?25;1047hx\x1b[2J\x1b[1;1Hy\x1b[?1047;25lb\n") == "ab\n");
    CHECK(plain("a\n\x1b[?1049hx\x1b"
                "cb\n") == "a\nb\n");
    CHECK(plain("a\n\x1b[?1049hx\ny") == "a\n");
}

TEST_CASE("what is broken or unfinished loses nothing behind its line") {
    CHECK(plain("a\xff\xe4\xb8 b") == "a\ufffd\ufffd\ufffd b");
    CHECK(plain("\xe0\x80\x80\xed\xa0\x80\xf4\x90\x80\x80") ==
          "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd");
    CHECK(plain("\xb8\xad joined") == " joined");
    CHECK(plain("a\x1b") == "a");
    CHECK(plain("a\x1b[12;") == "a");
    CHECK(plain("a\x1b[12\u4e2d") == "a\u4e2d");
    CHECK(plain("\x1b]unended\nnext") == "\nnext");
    CHECK(plain("\x1b]unended\r\nnext\x1b[3\r\nlast") == "\nnext\nlast");
    CHECK(plain("10%\x1b]unended\r20%") == "20%");
    CHECK(plain("a\x1b]0;t\x1b[1mb") == "ab");
    CHECK(plain("\x1b[\x18"
                "12") == "12");
    CHECK(plain(std::string("a\0b\x7f\a\x0e", 6)) == "ab");
}

TEST_CASE("every state of a line can be seen") {
    CHECK(states("10%\r50%\r100%\r\n") == Lines{"10%", "50%", "100%", ""});
    CHECK(states("abc\x1b[2K\x1b[Gd\r\rd") == Lines{"abc", "d", "d"});
    CHECK(states("wait |\b/\b-") == Lines{"wait |", "wait /", "wait -"});
    CHECK(states("a\x1b[31mb\x1b[0m\n") == Lines{"ab", ""});
    CHECK(states("ab\b\b\n") == Lines{"ab", ""});
}

TEST_CASE("a very long line comes in parts, and its end is not lost") {
    const std::string x(1'000'000, 'x');
    CHECK(plain(x + "\ny\n") == x + "\ny\n");
    CHECK(plain(x.substr(0, 60'000) + "\rY\n") == "Y" + x.substr(0, 59'999) + '\n');
    std::string wide;
    for (int i = 0; i < 100'000; ++i) wide += "\u4e2d";
    CHECK(plain(wide + '\n') == wide + '\n');
    CHECK(plain("\x1b[99999Cx\n").size() == 502);
    CHECK(plain("\x1b[99999999999999999999Cx\n").size() == 502);
}

TEST_CASE("a line keeps its limit, whatever makes it long") {
    for (const char* pattern : {"x", "\t", "\u4e2d", "\x1b[500Cx", "\x1b[500@", "e\u0301"}) {
        std::string bytes = "x\r";
        while (bytes.size() < 300'000) bytes += pattern;
        std::size_t longest = 0;
        PlainText filter(
            [&](std::string_view text, PlainText::Part) { longest = std::max(longest, text.size()); });
        filter.feed(bytes);
        CHECK(std::max(longest, filter.unfinished().size()) < 2 * TerminalLine::limit);
    }
}

TEST_CASE("it takes linear time, whatever is shown over and over") {
    const std::string x(60'000, 'x');
    for (const char* pattern : {"\ry", "\ry\x1b[60000C\x1b[1K", "\x1b[500C\x1b[2K", "\r\x1b[P", "\r\x1b[@",
                                "\r\u4e2d", "\b\u0301", "\x1b[9;9Hx", "\x1b[60000X", "\x1b[1K"}) {
        std::string bytes = x;
        while (bytes.size() < 200'000) bytes += pattern;
        CHECK(states(bytes).size() < bytes.size());
    }
}

TEST_CASE("the last lines of a text are cut to their limits") {
    CHECK(plain_lines("") == Lines{});
    CHECK(plain_lines("\n\n") == Lines{});
    CHECK(plain_lines("one  \n\ntwo\n\n\n") == Lines{"one", "", "two"});
    CHECK(plain_lines("a\tb\r\n\tc") == Lines{"a       b", "        c"});
    CHECK(plain_lines("abcdef\n", {.columns = 4, .lines = 9}) == Lines{"abc\u2026"});
    CHECK(plain_lines("1\n2\n3\n4\n\n\n\n", {.columns = 4, .lines = 2}) == Lines{"3", "4"});
    CHECK(plain_lines("1\n2\n\n\n\n3", {.columns = 4, .lines = 2}) == Lines{"", "3"});
    const std::string long_line(1'000'000, 'x');
    CHECK(display_width(plain_lines(long_line + "\nlast")[0]) == 4096);
    CHECK(plain_lines(long_line + "\nlast").size() == 2);
}
