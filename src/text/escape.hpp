// SPDX-License-Identifier: Apache-2.0
// Makes any bytes safe to show: no control character reaches a terminal or a porcelain field. Messages and
// pages are escaped where they are written (cli/output, text/page), not where they are composed.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::text {

// Bytes below 0x20, 0x7f, backslash and invalid UTF-8 (surrogates, overlongs, C1 controls U+0080..U+009F
// too) as \t \n \r \e \\ \xHH; the rest as it is. Lossless: unescape() gives the bytes back.
std::string escape(std::string_view bytes);
// The inverse of escape(); an unknown escape is kept as it is.
std::string unescape(std::string_view text);
// For people: control characters, invalid bytes and hidden characters become visible (\n, \x7f, \u202e,
// \U000e0041). A backslash stays single, so that escaping twice changes nothing.
std::string escape_for_display(std::string_view bytes);
// The same, appended to `out`; with `keep_newlines` a newline stays a newline.
void append_for_display(std::string& out, std::string_view bytes, bool keep_newlines = false);
// Whether a terminal acts on this character or shows nothing for it: control characters, marks of writing
// direction, line separators, everything of zero width that is neither a combining mark nor one of the
// variation selectors U+FE00..U+FE0F (they follow most emoji).
bool is_hidden(char32_t code);
// JSON text in which hidden characters, which occur in strings only, are written as \uXXXX. Parsers read the
// same values.
std::string escape_json(std::string json);
// Valid UTF-8 (C1 controls are), each bad byte replaced by U+FFFD.
std::string replace_invalid_utf8(std::string_view bytes);
bool valid_utf8(std::string_view bytes);
// Columns a terminal gives to (escaped) UTF-8 text: combining marks 0, East Asian wide and emoji 2, else 1
// (a bad byte too).
std::size_t display_width(std::string_view text);
// The longest prefix of at most `width` columns; when cut, its last column is the character U+2026.
std::string truncate(std::string_view text, std::size_t width);

}  // namespace sigmund::text
