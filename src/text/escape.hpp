// SPDX-License-Identifier: Apache-2.0
// This file makes any bytes safe to show: no control character reaches a terminal or a porcelain field.
// Messages and pages are escaped where they are written (cli/output, text/page), not where they are composed.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::text {

// Writes bytes below 0x20, 0x7f, backslashes and invalid UTF-8 (including surrogates, overlong forms and the
// C1 controls U+0080..U+009F) as \t \n \r \e \\ \xHH, and everything else unchanged. It is lossless:
// unescape() returns the bytes.
std::string escape(std::string_view bytes);
// The inverse of escape(). An unknown escape is kept unchanged.
std::string unescape(std::string_view text);
// Escapes for people: control characters, invalid bytes and hidden characters become visible (\n, \x7f,
// \u202e, \U000e0041). A backslash stays single, so that escaping twice changes nothing.
std::string escape_for_display(std::string_view bytes);
// The same, appended to `out`. With `keep_newlines` a newline stays a newline.
void append_for_display(std::string& out, std::string_view bytes, bool keep_newlines = false);
// Returns whether a terminal acts on this character or shows nothing for it: control characters, marks of
// writing direction, line separators, and everything of zero width that is neither a combining mark nor one
// of the variation selectors U+FE00..U+FE0F (which follow most emoji).
bool is_hidden(char32_t code);
// Writes the hidden characters of JSON text, which occur in strings only, as \uXXXX. Parsers read the same
// values.
std::string escape_json(std::string json);
// Replaces each invalid byte by U+FFFD. C1 controls are valid UTF-8.
std::string replace_invalid_utf8(std::string_view bytes);
// Returns whether the bytes are valid UTF-8.
bool valid_utf8(std::string_view bytes);
// Returns the number of columns of (escaped) UTF-8 text on a terminal: 0 for combining marks, 2 for East
// Asian wide characters and emoji, 1 for everything else (an invalid byte, too).
std::size_t display_width(std::string_view text);
// Returns the longest prefix of at most `width` columns. When text was cut, the last column is the character
// U+2026.
std::string truncate(std::string_view text, std::size_t width);
// Returns at most `width` columns of the text around the byte `at`: from the beginning when `at` is near it,
// else from a third of `width` before it. U+2026 stands where text was left out.
std::string excerpt(std::string_view text, std::size_t at, std::size_t width);

}  // namespace sigmund::text
