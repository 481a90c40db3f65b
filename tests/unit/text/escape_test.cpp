// SPDX-License-Identifier: Apache-2.0
#include "text/escape.hpp"
#include "text/base64.hpp"
#include "text/page.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace sigmund::text;
using namespace std::string_literals;

namespace {

std::string random_bytes(std::mt19937& random, std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) bytes += static_cast<char>(random() & 0xFF);
    return bytes;
}

// Bytes that are often neighbours in escapes and in broken UTF-8.
std::string nasty_bytes(std::mt19937& random, std::size_t size) {
    static const std::string alphabet =
        "\\\\\\xtnre09afAF\n\t\r\x1b\x7f\0\xc2\x80\x9b\xa0\xe0\xed\xf0\xf4\x90\xbf\xc0\xff"s;
    std::string bytes;
    while (bytes.size() < size) bytes += alphabet[random() % alphabet.size()];
    return bytes;
}

}  // namespace

TEST_CASE("escape makes visible what a terminal would act on") {
    struct Case {
        std::string bytes;
        std::string escaped;
    };
    const Case cases[] = {
        {"", ""},
        {"plain text ~!", "plain text ~!"},
        {"a\tb\nc\rd\x1b[31m", "a\\tb\\nc\\rd\\e[31m"},
        {"\0\x01\x7f"s, "\\x00\\x01\\x7f"},
        {"back\\slash", "back\\\\slash"},
        {"caf\u00e9 \u65e5\u672c \U0001F600", "caf\u00e9 \u65e5\u672c \U0001F600"},
        {"\xc2\x9b"
         "31m",
         "\\xc2\\x9b31m"},                             // C1: CSI
        {"\xc2\x80\xc2\x9f", "\\xc2\\x80\\xc2\\x9f"},  // first and last C1
        {"\xc2\xa0", "\xc2\xa0"},                      // the first character after them
        {"\x9b", "\\x9b"},                             // a lone continuation
        {"\xc0\xaf", "\\xc0\\xaf"},                    // overlong slash
        {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // surrogate
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
        {"a\xe2\x82", "a\\xe2\\x82"},                  // cut short
        {"\xe2\x82z", "\\xe2\\x82z"},                  // interrupted
        {"\xe2\xe2\x82\xac", "\\xe2\u20ac"},           // recovers at the next character
    };
    for (const Case& c : cases) {
        CAPTURE(c.escaped);
        CHECK(escape(c.bytes) == c.escaped);
        CHECK(unescape(c.escaped) == c.bytes);
    }
}

TEST_CASE("escape_for_display leaves a backslash single") {
    CHECK(escape_for_display("C:\\dir\n") == "C:\\dir\\n");
    CHECK(escape_for_display("\\\\") == "\\\\");
    CHECK(escape_for_display("\xff\x1b") == "\\xff\\e");
}

TEST_CASE("characters that a terminal acts on or does not show become visible") {
    const std::pair<const char*, const char*> cases[] = {
        {"\x1b]0;X\a", "\\e]0;X\\x07"},
        {"\x7f", "\\x7f"},
        {"\xc2\x9b\x31m", "\\u009b1m"},  // C1: CSI
        {"\xc2\x80\xc2\x9f\xc2\xa0", "\\u0080\\u009f\xc2\xa0"},
        {"so\u00adft", "so\\u00adft"},
        {"\u061c\u200e\u200f", "\\u061c\\u200e\\u200f"},
        {"\u202a\u202b\u202c\u202d\u202e", "\\u202a\\u202b\\u202c\\u202d\\u202e"},
        {"\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"},
        {"\u2028\u2029", "\\u2028\\u2029"},
        {"\u200b\u200c\u200d", "\\u200b\\u200c\\u200d"},
        {"\u2060\u2061\u2064", "\\u2060\\u2061\\u2064"},
        {"\ufeff", "\\ufeff"},
        {"\u180e\u3164", "\\u180e\\u3164"},
        {"\U000E0000\U000E0041\U000E007F", "\\U000e0000\\U000e0041\\U000e007f"},
        {"\U000E0100", "\\U000e0100"},
        {"\u2764\ufe0f \u202f\u2010\u2027\u2030", "\u2764\ufe0f \u202f\u2010\u2027\u2030"},
        {"e\u0301 \u05d0 \u0627 \u65e5 \U0001F600", "e\u0301 \u05d0 \u0627 \u65e5 \U0001F600"},
    };
    for (const auto& [bytes, expected] : cases) {
        const std::string shown(expected);
        CAPTURE(shown);
        CHECK(escape_for_display(bytes) == shown);
        CHECK(escape_for_display(shown) == shown);  // escaping it twice changes nothing
    }
    std::string lines;
    append_for_display(lines, "a\nb\r\x1b", true);
    CHECK(lines == "a\nb\\r\\e");
}

TEST_CASE("JSON text keeps its values when hidden characters are escaped") {
    CHECK(escape_json("{\"a\":\"plain caf\u00e9\"}") == "{\"a\":\"plain caf\u00e9\"}");
    CHECK(escape_json("\"\x7f\xc2\x9b\u202e\"") == "\"\\u007f\\u009b\\u202e\"");
    CHECK(escape_json("\"\U000E0041\"\n") == "\"\\udb40\\udc41\"\n");
}

TEST_CASE("a page escapes what is added and styles it afterwards") {
    Page page;
    page.add("a\n\x1b[31m").line("b\u202e", "\x1b[1m").line("");
    CHECK(page.text() == "a\\n\\e[31m\x1b[1mb\\u202e\x1b[0m\n\n");
}

TEST_CASE("unescape keeps text that is not an escape") {
    for (const char* text : {"\\", "a\\", "\\q", "\\x", "\\x1", "\\xg0", "\\x0g", "\\0"}) {
        CAPTURE(text);
        CHECK(unescape(text) == text);
    }
    CHECK(unescape("\\x4A\\x4a") == "JJ");
    CHECK(unescape("\\\\n") == "\\n");
    CHECK(unescape("\\q\\n") == "\\q\n");
    CHECK(unescape("\\\\\\") == "\\\\");
}

TEST_CASE("unescape undoes escape for any bytes, and escaped text is safe") {
    std::mt19937 random(20240229);
    for (int round = 0; round < 20000; ++round) {
        const std::size_t size = random() % 24;
        const std::string bytes = round % 2 ? random_bytes(random, size) : nasty_bytes(random, size);
        const std::string escaped = escape(bytes);
        REQUIRE(unescape(escaped) == bytes);
        REQUIRE(valid_utf8(escaped));
        REQUIRE(valid_utf8(replace_invalid_utf8(bytes)));
        for (const char c : escaped) REQUIRE((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
        REQUIRE(escaped.find("\xc2\x9b") == escaped.npos);
    }
}

TEST_CASE("base64 as in RFC 4648, section 10") {
    CHECK(base64("") == "");
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foob") == "Zm9vYg==");
    CHECK(base64("fooba") == "Zm9vYmE=");
    CHECK(base64("foobar") == "Zm9vYmFy");
    CHECK(base64("\xff\xfe\xfb") == "//77");
    CHECK(base64("\0\0\0"s) == "AAAA");
}
