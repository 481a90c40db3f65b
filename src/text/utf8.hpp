// SPDX-License-Identifier: Apache-2.0
// This file decodes one UTF-8 character at a time, strictly by RFC 3629, for the other files of this folder.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sigmund::text {

struct Utf8Character {
    char32_t code = 0;
    std::size_t length = 0;  // in bytes; 0: there is no valid character
};

// Decodes the character that starts at `bytes[at]`, where `at` < size. Overlong forms, surrogates, values
// above U+10FFFF and incomplete characters are not valid.
Utf8Character decode_utf8(std::string_view bytes, std::size_t at);

// Returns the bytes of a character. Of a value that is no character (a surrogate, or above U+10FFFF) those of U+FFFD.
std::string encode_utf8(char32_t code);

}  // namespace sigmund::text
