// SPDX-License-Identifier: Apache-2.0
// How the kindred tools speak: a whole line to stderr, an answer to stdout, each in one write where it fits.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::kin {

// "TOOL: TEXT\n" on stderr; control characters in it are escaped, since paths and arguments are quoted there.
void say(const char* tool, std::string_view text);

// Writes all of `text` to stdout. Returns 0 or errno.
int answer(std::string_view text);

}  // namespace sigmund::kin
