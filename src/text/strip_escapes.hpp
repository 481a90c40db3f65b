// SPDX-License-Identifier: Apache-2.0
// A line of output without what only a terminal understands.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::text {

// The line without escape sequences (ECMA-48: CSI, OSC and other strings, two-byte ones), carriage returns
// and other control characters but the tab. A move to the right is written as that many blanks, a backspace
// takes the character before it. A sequence that is cut off ends with the line.
std::string strip_escapes(std::string_view line);

}  // namespace sigmund::text
