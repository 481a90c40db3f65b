// SPDX-License-Identifier: Apache-2.0
// Lays a table out in columns of display width; knows nothing of terminals but their width.
#include "text/table.hpp"

#include <algorithm>

#include "text/escape.hpp"

namespace sigmund::text {

namespace {

constexpr std::size_t gap = 2;

using Cells = std::vector<std::string>;

std::vector<std::size_t> column_widths(const Table& table) {
    std::vector<std::size_t> widths;
    const auto measure = [&widths](const Cells& cells) {
        if (cells.size() > widths.size()) widths.resize(cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(cells[i]));
        }
    };
    measure(table.header);
    for (const Cells& row : table.rows) measure(row);
    return widths;
}

// One line without its end: padded, cut to `width` (0: not), no blanks behind it.
std::string render_line(const Cells& cells, const std::vector<std::size_t>& widths,
                        const std::vector<bool>& right_aligned, std::size_t width) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line.append(gap, ' ');
        const std::size_t padding = widths[i] - display_width(cells[i]);
        const bool right = i < right_aligned.size() && right_aligned[i];
        if (right) line.append(padding, ' ');
        line += cells[i];
        if (!right) line.append(padding, ' ');
    }
    const auto trim = [&line] { line.erase(line.find_last_not_of(' ') + 1); };
    trim();
    if (width != 0) line = truncate(line, width);
    trim();
    return line;
}

}  // namespace

std::string Table::render(std::size_t width, const std::string& header_style) const {
    const std::vector<std::size_t> widths = column_widths(*this);
    std::string out;
    if (!header.empty()) {
        const bool styled = !header_style.empty();
        if (styled) out += header_style;
        out += render_line(header, widths, right_aligned, width);
        if (styled) out += "\x1b[0m";
        out += '\n';
    }
    for (const Cells& row : rows) {
        out += render_line(row, widths, right_aligned, width);
        out += '\n';
    }
    return out;
}

}  // namespace sigmund::text
