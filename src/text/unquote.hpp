// SPDX-License-Identifier: Apache-2.0
// The inverse of shell quoting, for a word that may still be unfinished.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::text {

// What a POSIX shell would make of the word by removing quotes and backslashes: '...', "...", \x. Nothing is
// expanded. A quote that is still open ends with the word, and a backslash at the end is dropped.
std::string unquote(std::string_view word);

}  // namespace sigmund::text
