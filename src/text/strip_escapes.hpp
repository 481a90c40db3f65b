// SPDX-License-Identifier: Apache-2.0
// This file removes from a line of output what only a terminal understands.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::text {

// Returns the line without escape sequences (ECMA-48: CSI, OSC and other strings, two-byte ones), carriage
// returns and other control characters except the tab. A move to the right becomes that many blanks, and a
// backspace removes the character before it. A sequence that is cut off ends with the line.
std::string strip_escapes(std::string_view line);

}  // namespace sigmund::text
