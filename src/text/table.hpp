// SPDX-License-Identifier: Apache-2.0
// A plain table for people: columns padded by display width, the last one cut to the terminal.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace sigmund::text {

struct Table {
    std::vector<std::string> header;             // may be empty
    std::vector<std::vector<std::string>> rows;  // cells already escaped
    std::vector<bool> right_aligned;             // by column; missing means left
    // Two spaces between columns, no trailing blanks; the last column is cut so that no line is wider than
    // `width` columns (0: never cut); where the others alone are wider, the whole line is. `header_style`,
    // when not empty, is a terminal sequence put before the header line and reset after it.
    std::string render(std::size_t width, const std::string& header_style = {}) const;
};

}  // namespace sigmund::text
