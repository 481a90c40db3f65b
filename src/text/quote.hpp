// SPDX-License-Identifier: Apache-2.0
// Shell quoting: a word or argv as a POSIX shell would need it typed.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

// The word itself when nothing in it is special to a shell, else in single quotes ('it'\''s').
std::string quote(std::string_view word);
// argv joined by spaces, each word quoted; the first also where it would be an assignment or a reserved word.
std::string quote(const std::vector<std::string>& argv);
// The same for a command that is shown to be pasted: a word with what a terminal must not see is written as
// $'...', which bash and zsh read back exactly.
std::string quote_visibly(const std::vector<std::string>& argv);

}  // namespace sigmund::text
