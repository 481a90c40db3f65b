// SPDX-License-Identifier: Apache-2.0
// This file quotes a word or argv so that a POSIX shell reads it back.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

// Returns the word itself when no character in it is special to a shell, else the word in single quotes
// ('it'\''s').
std::string quote(std::string_view word);
// Returns argv joined by spaces, each word quoted. The first word is also quoted when it would be an
// assignment or a reserved word.
std::string quote(const std::vector<std::string>& argv);
// The same for a command that is shown to people for pasting. A word that holds bytes which must not reach a
// terminal is written as $'...', which bash and zsh read back exactly.
std::string quote_visibly(const std::vector<std::string>& argv);

}  // namespace sigmund::text
