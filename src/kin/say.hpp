// SPDX-License-Identifier: Apache-2.0
// The companion tools print with these functions: a whole line to stderr, or an answer to stdout, each in one
// write where it fits.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::kin {

// Prints "TOOL: TEXT\n" on stderr. Control characters are escaped, since the text may quote paths and
// arguments.
void say(const char* tool, std::string_view text);

// Writes all of `text` to stdout. Returns 0 or errno.
int answer(std::string_view text);

}  // namespace sigmund::kin
