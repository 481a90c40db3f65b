// SPDX-License-Identifier: Apache-2.0
// Finds a program as a shell does.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::ops {

// Returns the first regular file of this name, in the folders of `path` (as PATH has them), that this user may
// execute. A name with a slash is a path. Relative paths begin in `cwd`. Returns an empty text when there is none.
std::string find_program(std::string_view name, std::string_view path, const std::string& cwd);

}  // namespace sigmund::ops
