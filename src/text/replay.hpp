// SPDX-License-Identifier: Apache-2.0
// The end of a log as it may be shown on a terminal again.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sigmund::text {

// Returns the last lines of the bytes, at most `rows`, with the unfinished last one. `from_start` says that
// the first byte begins a line. Text, tabs, backspaces, carriage returns, colours (SGR) and the erasing of a line (EL) are
// left; no question to the terminal, no mode, no title and no movement of the cursor is. What was on the
// alternate screen is left out. A line ends with CR LF, and colours end with the text.
std::string replay(std::string_view bytes, std::size_t rows, bool from_start);

}  // namespace sigmund::text
