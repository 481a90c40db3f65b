// SPDX-License-Identifier: Apache-2.0
// This file quotes text for unit files so that systemd reads it back exactly (systemd.syntax(7), systemd.service(5)
// "Command lines", systemd.unit(5) "Specifiers").
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

// Where a word is: systemd replaces $NAME in a command line, and %X everywhere.
enum class UnitPlace : unsigned char { command, list };

// Returns the word, in double quotes when it needs them. Control characters, hidden ones and bytes
// that are not UTF-8 are written as escapes.
std::string unit_word(std::string_view word, UnitPlace place);
// Returns the words joined by blanks.
std::string unit_words(const std::vector<std::string>& words, UnitPlace place);
// Returns a value that takes the rest of its line and knows no quotes, such as a path. Returns nothing when the text
// cannot be written so: it is not UTF-8, has a control character, or has a blank or backslash at its end.
std::optional<std::string> unit_rest(std::string_view text);

}  // namespace sigmund::text
