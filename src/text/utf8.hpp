// SPDX-License-Identifier: Apache-2.0
// One UTF-8 character at a time, strictly by RFC 3629; shared by the files of this folder.
#pragma once
#include <cstddef>
#include <string_view>

namespace sigmund::text {

struct Utf8Character {
    char32_t code = 0;
    std::size_t length = 0;  // bytes; 0: what stands there is no character
};

// ask: the character that starts at `bytes[at]`, `at` < size. Overlong forms, surrogates, values above
// U+10FFFF and what is cut short are no characters.
Utf8Character decode_utf8(std::string_view bytes, std::size_t at);

}  // namespace sigmund::text
