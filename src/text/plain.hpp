// SPDX-License-Identifier: Apache-2.0
// What a terminal would show after it had printed some bytes, as plain lines of text. Progress bars that
// rewrite their line, colours, titles and cursor movements leave what a person sees at the end, and nothing
// that a terminal acts upon.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

struct PlainLimits {
    std::size_t columns = 4096;  // what a line has beyond them is left out
    std::size_t lines = 1000;    // the last so many are kept; the cursor cannot move above them
};

// The lines, valid UTF-8 without control characters, without blanks at their ends, and without empty lines
// after the last. A terminal of unlimited width is assumed, since nobody knows the width of the one that the
// output was written for: no line wraps.
//
// Understood: newline, carriage return, backspace, tab; the cursor movements CSI A B C D E F G H d f; erasing
// and shifting by CSI J K X P @. Clearing the whole screen begins below what is there, so that nothing of a
// log is lost. All other control sequences, SGR and OSC among them, are left out. A byte that is not UTF-8
// becomes U+FFFD. A sequence that the end of the bytes cuts short shows nothing.
std::vector<std::string> plain_lines(std::string_view bytes, const PlainLimits& limits = {});

}  // namespace sigmund::text
