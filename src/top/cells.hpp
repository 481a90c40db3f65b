// SPDX-License-Identifier: Apache-2.0
// The cells of the list, as text.
#pragma once
#include <string>
#include <string_view>

#include "top/layout.hpp"
#include "top/runs.hpp"

namespace sigmund::top {

// Returns the title of a column. Those of numbers are at the right, as the numbers are.
std::string title_of(Column column, std::size_t width);
// Returns what the column says of a run. With `ascii`, pictures have no other characters.
std::string cell(const Run& run, Column column, std::size_t width, bool ascii);
// Returns a text without its first columns. Of a wide character that is cut in half, a blank is left.
std::string without_columns(std::string_view text, std::size_t columns);

}  // namespace sigmund::top
