// SPDX-License-Identifier: Apache-2.0
// Makes any bytes safe to show: no control character reaches a terminal or a porcelain field.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::text {

// Bytes below 0x20, 0x7f, backslash and invalid UTF-8 (surrogates, overlongs, C1 controls U+0080..U+009F
// too) as \t \n \r \e \\ \xHH; the rest as it is. Lossless: unescape() gives the bytes back.
std::string escape(std::string_view bytes);
// ask-free inverse of escape(); an unknown escape is kept as it stands.
std::string unescape(std::string_view text);
// As escape(), but a backslash stays single: for people, who read it, not for parsers.
std::string escape_for_display(std::string_view bytes);
// Valid UTF-8 (C1 controls are), each bad byte replaced by U+FFFD.
std::string replace_invalid_utf8(std::string_view bytes);
bool valid_utf8(std::string_view bytes);
// Columns a terminal gives to (escaped) UTF-8 text: combining marks 0, East Asian wide and emoji 2, else 1
// (a bad byte too).
std::size_t display_width(std::string_view text);
// The longest prefix of at most `width` columns; when cut, its last column is the character U+2026.
std::string truncate(std::string_view text, std::size_t width);

}  // namespace sigmund::text
