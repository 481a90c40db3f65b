// SPDX-License-Identifier: Apache-2.0
// Fits the lines of a page into the columns of a terminal. A width of 0 means that there is no terminal: then nothing is
// changed. Styles take no columns.
#pragma once
#include <cstddef>

#include "text/page.hpp"

namespace sigmund::text {

// Breaks lines that are wider than `width`, at blanks where there are any. What goes on begins in the column `hang`, or below
// the first word of its line if that is further to the right, but not behind the middle of the width.
Page fold(const Page& page, std::size_t width, std::size_t hang);
// Cuts lines that are wider than `width`. The last column of such a line is the character U+2026.
Page cut(const Page& page, std::size_t width);

}  // namespace sigmund::text
