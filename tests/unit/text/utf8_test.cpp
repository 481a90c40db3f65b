// SPDX-License-Identifier: Apache-2.0
#include "text/utf8.hpp"

#include <doctest/doctest.h>

#include "text/escape.hpp"

using namespace sigmund::text;

namespace {

// Encodes without any check, so that it can also make surrogates.
std::string encode(char32_t code) {
    std::string out;
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
    return out;
}

}  // namespace

TEST_CASE("every code point is decoded, except surrogates and numbers that are too large") {
    for (char32_t code = 0; code < 0x120000; ++code) {
        const std::string bytes = encode(code);
        const Utf8Character character = decode_utf8(bytes, 0);
        const bool good = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
        if (good ? character.code != code || character.length != bytes.size() : character.length != 0) {
            CAPTURE(static_cast<unsigned>(code));
            FAIL("decoded wrongly");
        }
        // A part of the bytes is not a character.
        for (std::size_t size = 1; size < bytes.size(); ++size) {
            if (decode_utf8(std::string_view(bytes).substr(0, size), 0).length != 0) FAIL("cut short");
        }
    }
}

TEST_CASE("only those sequences of one and two bytes are valid that RFC 3629 allows") {
    for (unsigned first = 0; first < 256; ++first) {
        const std::string one(1, static_cast<char>(first));
        CHECK(valid_utf8(one) == (first < 0x80));
        for (unsigned second = 0; second < 256; ++second) {
            const bool both_ascii = first < 0x80 && second < 0x80;
            const bool pair = first >= 0xC2 && first <= 0xDF && second >= 0x80 && second <= 0xBF;
            if (valid_utf8(one + static_cast<char>(second)) != (both_ascii || pair)) FAIL("two bytes");
        }
    }
}

TEST_CASE("overlong forms are invalid") {
    for (const char* bytes : {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
                              "\xf0\x8f\xbf\xbf", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80"}) {
        CHECK_FALSE(valid_utf8(bytes));
    }
    CHECK(valid_utf8("\xe0\xa0\x80"));
    CHECK(valid_utf8("\xf0\x90\x80\x80"));
    CHECK(valid_utf8("\xf4\x8f\xbf\xbf"));
    CHECK(valid_utf8(""));
}

TEST_CASE("bad bytes are replaced one by one") {
    CHECK(replace_invalid_utf8("good \u20ac") == "good \u20ac");
    CHECK(replace_invalid_utf8("a\xff\xfe"
                               "b") == "a\uFFFD\uFFFDb");
    CHECK(replace_invalid_utf8("\xe2\x82") == "\uFFFD\uFFFD");
    CHECK(replace_invalid_utf8("") == "");
}

TEST_CASE("what is encoded is decoded to the same character") {
    for (char32_t code = 0; code <= 0x10ffff; ++code) {
        const Utf8Character character = decode_utf8(encode_utf8(code), 0);
        const bool surrogate = code >= 0xd800 && code < 0xe000;
        if (character.code != (surrogate ? 0xfffd : code) || character.length != encode_utf8(code).size())
            FAIL_CHECK(static_cast<unsigned>(code));
    }
    CHECK(encode_utf8(0x110000) == "\xef\xbf\xbd");
}
