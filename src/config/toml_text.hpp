// SPDX-License-Identifier: Apache-2.0
// Writes TOML 1.0 (https://toml.io/en/v1.0.0): text that toml++ and every other parser reads back exactly.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::config {

// Returns the text in quotes: in single ones when that saves backslashes, else in double ones. Characters that a
// terminal would act on, or not show, are written as escapes. The text must be valid UTF-8.
std::string toml_string(std::string_view text);
// Returns an array of strings on one line.
std::string toml_array(const std::vector<std::string>& texts);
// Returns a key, which needs no quotes when it consists of letters, digits, '_' and '-'.
std::string toml_key(std::string_view key);

}  // namespace sigmund::config
