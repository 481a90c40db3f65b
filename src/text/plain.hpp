// SPDX-License-Identifier: Apache-2.0
// This file computes what a terminal would show after it had printed some bytes, as plain lines of text.
// Progress bars that rewrite their line, colours, titles and cursor movements leave what a person sees at the
// end, and no control sequence remains.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

struct PlainLimits {
    std::size_t columns = 4096;  // the rest of a longer line is left out
    std::size_t lines = 1000;    // this many last lines are kept; the cursor cannot move above them
};

// Returns the lines: valid UTF-8 without control characters, without trailing blanks, and without empty lines
// after the last. No line wraps: an unlimited width is assumed, since nobody knows the width of the terminal
// for which the output was written.
//
// Understood are newline, carriage return, backspace and tab; the cursor movements CSI A B C D E F G H d f;
// erasing and shifting by CSI J K X P @. Clearing the whole screen continues below the existing lines, so
// that nothing of a log is lost. All other control sequences, SGR and OSC among them, are left out. A byte
// that is not UTF-8 becomes U+FFFD. A sequence that is incomplete at the end of the bytes shows nothing.
std::vector<std::string> plain_lines(std::string_view bytes, const PlainLimits& limits = {});

}  // namespace sigmund::text
