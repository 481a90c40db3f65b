// SPDX-License-Identifier: Apache-2.0
// This file lays out a table in columns of display width. It knows nothing of terminals except their width.
#include "text/table.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "text/escape.hpp"

namespace sigmund::text {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_last = 20;
constexpr std::size_t ellipsis = 3;  // the bytes of the character with which truncate() ends a cut text

// A wide character that is cut in half leaves a blank.
void append_cell_cut(std::string& out, std::string_view cell, std::size_t width) {
    const std::string cut = truncate(cell, width);
    out += cut;
    out.append(width - std::min(width, display_width(cut)), ' ');
}

// Returns how many columns the table needs at least, if the last column gets up to least_last of them.
std::size_t needed(const std::vector<std::size_t>& widths) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) columns += widths[i] > 0 ? widths[i] + gap : 0;
    return columns + (widths.empty() ? 0 : std::min(least_last, widths.back()));
}

// Makes the widest of the flexible columns smaller, again and again, while the table is too wide.
void shrink(std::vector<std::size_t>& widths, const Layout& layout, std::size_t least) {
    while (layout.width > 0 && needed(widths) > layout.width) {
        std::size_t* widest = nullptr;
        for (const Flexible& each : layout.flexible) {
            if (each.column >= widths.size()) continue;
            std::size_t& width = widths[each.column];
            if (width > std::max(least, each.least) && (!widest || width > *widest)) widest = &width;
        }
        if (!widest) return;
        --*widest;
    }
}

void trim(std::string& line, std::size_t from) {
    while (line.size() > from && line.back() == ' ') line.pop_back();
}

}  // namespace

void Rows::reserve(std::size_t rows, std::size_t bytes) {
    text_.reserve(bytes);
    rows_.reserve(rows);
    cells_.reserve(rows * 8);
}

void Rows::add_cell(std::string_view raw) {
    // Each growth copies to fresh pages. Addresses cost nothing, so few growths are better than little room.
    if (cells_.size() == cells_.capacity()) cells_.reserve(std::max<std::size_t>(64, cells_.size() * 4));
    if (text_.size() + raw.size() > text_.capacity()) text_.reserve((text_.size() + raw.size()) * 4);
    const std::size_t from = text_.size();
    append_for_display(text_, raw);
    cells_.push_back({static_cast<std::uint32_t>(text_.size() - from),
                      static_cast<std::uint32_t>(display_width(std::string_view(text_).substr(from)))});
}

// Appends one line without its newline: padded, cut at `width` (0: not cut), without trailing blanks.
void Rows::append_line(std::string& out, std::size_t row, const std::vector<std::size_t>& widths,
                       const std::vector<bool>& right_aligned, std::size_t width, std::size_t styled_column,
                       std::string_view style) const {
    const std::size_t line = out.size();
    const End begin = begin_of(row);
    const std::size_t count = rows_[row].cell - begin.cell;
    const Cell* const cells = cells_.data() + begin.cell;
    const auto right = [&](std::size_t i) { return i < right_aligned.size() && right_aligned[i]; };
    // The last cell is not padded: one long cell would make every line as long.
    const auto padded = [&](std::size_t i) { return right(i) || i + 1 < count; };
    std::size_t columns = 0, styled_from = 0, styled_to = 0;
    const char* from = text_.data() + begin.text;
    for (std::size_t i = 0; i < count; from += cells[i].bytes, ++i) {
        if (widths[i] == 0) continue;
        const bool fits = cells[i].columns <= widths[i];
        const std::size_t padding = fits ? widths[i] - cells[i].columns : 0;
        out.append((i > 0 ? gap : 0) + (right(i) ? padding : 0), ' ');
        if (i == styled_column) styled_from = out.size();
        if (fits)
            out.append(from, cells[i].bytes);
        else
            append_cell_cut(out, {from, cells[i].bytes}, widths[i]);
        if (i == styled_column) styled_to = out.size();
        if (!right(i) && i + 1 < count) out.append(padding, ' ');
        columns += (i > 0 ? gap : 0) + (padded(i) || !fits ? widths[i] : cells[i].columns);
    }
    trim(out, line);
    std::size_t whole = out.size();  // the part of the line that is unchanged
    if (width != 0 && columns > width) {
        const std::string cut = truncate(std::string_view(out).substr(line), width);
        out.replace(line, std::string::npos, cut);
        trim(out, line);
        whole = line + (cut.size() < ellipsis ? 0 : cut.size() - ellipsis);
    }
    if (style.empty() || styled_to > std::min(whole, out.size())) return;
    out.insert(styled_to, "\x1b[0m");
    out.insert(styled_from, style);
}

Page Rows::render(const std::vector<std::uint32_t>& order, const Layout& layout) const {
    Rows head;
    for (const std::string& cell : layout.header) head.add_cell(cell);
    head.end_row();
    std::vector<std::size_t> widths;
    const auto measure = [&widths](const Rows& rows, std::size_t row) {
        const std::size_t first = rows.begin_of(row).cell, count = rows.rows_[row].cell - first;
        if (count > widths.size()) widths.resize(count);
        for (std::size_t i = 0; i < count; ++i)
            widths[i] = std::max<std::size_t>(widths[i], rows.cells_[first + i].columns);
    };
    for (const std::uint32_t row : order) measure(*this, row);
    std::vector<std::size_t> empty;
    for (const std::size_t column : layout.optional)
        if (column >= widths.size() || widths[column] == 0) empty.push_back(column);
    measure(head, 0);
    for (const std::size_t column : empty) widths[column] = 0;
    for (const std::size_t column : layout.hidden) widths[column] = 0;
    shrink(widths, layout, 24);
    std::string left_out;
    for (const std::size_t column : layout.expendable) {
        if (layout.width == 0 || needed(widths) <= layout.width) break;
        if (widths[column] > 0 && column < layout.header.size())
            left_out.insert(0, ' ' + layout.header[column]);
        widths[column] = 0;
    }
    shrink(widths, layout, 0);
    Page page;
    std::string& out = page.text_;
    if (widths.size() > 1)
        out.reserve(text_.size() +
                    order.size() *
                        (std::accumulate(widths.begin(), widths.end() - 1, widths.size() * gap) + 1));
    if (!layout.header.empty()) {
        out += layout.header_style;
        const std::size_t from = out.size();
        head.append_line(out, 0, widths, layout.right_aligned, layout.width, 0, {});
        const std::size_t taken = display_width(std::string_view(out).substr(from));
        const std::string more(layout.more);
        for (const std::string& note : {"  (" + more + ':' + left_out + ')', "  (" + more + ')'})
            if (!left_out.empty() && !more.empty() && taken + note.size() <= layout.width) {
                out += note;
                break;
            }
        if (!layout.header_style.empty()) out += "\x1b[0m";
        out += '\n';
    }
    for (const std::uint32_t row : order) {
        append_line(out, row, widths, layout.right_aligned, layout.width, layout.style.column,
                    layout.style.of ? layout.style.of(row) : std::string_view());
        out += '\n';
    }
    return page;
}

Page Table::render(std::size_t width, const std::string& header_style) const {
    Rows all;
    for (const std::vector<std::string>& row : rows) {
        for (const std::string& cell : row) all.add_cell(cell);
        all.end_row();
    }
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    Layout layout{header, right_aligned, width};
    layout.header_style = header_style;
    layout.expendable = expendable;
    layout.flexible = flexible;
    return all.render(order, layout);
}

}  // namespace sigmund::text
