// SPDX-License-Identifier: Apache-2.0
// A plain table for people. Columns are padded by display width, and the last one is cut at the width of the
// terminal.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "text/page.hpp"

namespace sigmund::text {

// A column whose cells are cut where the table would be too wide for the terminal, but not below `least` columns.
struct Flexible {
    std::size_t column = 0;
    std::size_t least = 0;
};

struct Table {
    std::vector<std::string> header;             // may be empty
    std::vector<std::vector<std::string>> rows;  // raw cells: they are escaped here
    std::vector<bool> right_aligned;             // by column; a missing entry means left
    // Renders the table with two spaces between columns and no trailing blanks. The last column is cut so
    // that no line is wider than `width` columns (0: never cut); where the other columns alone are wider, the
    // whole line is cut. `header_style`, when not empty, is a terminal sequence that is put before the header
    // line and reset after it. A column whose cells and title are all empty is left out.
    Page render(std::size_t width, const std::string& header_style = {}) const;
    // As in Layout.
    std::vector<std::size_t> expendable = {};
    std::vector<Flexible> flexible = {};
};

// A terminal sequence for one cell of a row, chosen by the row's number. An empty sequence means a plain
// cell.
struct CellStyle {
    std::size_t column = 0;
    std::function<std::string_view(std::uint32_t row)> of;
};

// How the rows of a long table are laid out.
struct Layout {
    std::vector<std::string> header = {};
    std::vector<bool> right_aligned = {};  // by column; a missing entry means left
    std::size_t width = 0;                 // 0: nothing is cut or left out
    std::string_view header_style = {};
    CellStyle style = {};
    // Where the last column would get fewer than 20 columns, these are left out one after the other. Then the header
    // ends with "(MORE: A B)" with their names, or with "(MORE)", if there is room.
    std::vector<std::size_t> expendable = {};
    std::vector<Flexible> flexible =
        {};  // first these get as small as 24 columns, at last as small as they may
    std::vector<std::size_t> hidden = {};    // these are always left out
    std::vector<std::size_t> optional = {};  // these are when none of their cells says anything
    std::string_view more = {};
};

// The rows of a long table in one piece of memory. Most of the time that a list of thousands takes is spent
// on fresh pages.
class Rows {
  public:
    // Reserves memory for this many rows and bytes of text in all.
    void reserve(std::size_t rows, std::size_t bytes);
    // Adds a cell to the current row; the text is escaped here.
    void add_cell(std::string_view raw);
    void end_row() { rows_.push_back({text_.size(), cells_.size()}); }
    std::size_t size() const { return rows_.size(); }
    // The same as Table::render, with the rows in the given order, which may leave rows out.
    Page render(const std::vector<std::uint32_t>& order, const Layout& layout) const;

  private:
    struct Cell {
        std::uint32_t bytes;
        std::uint32_t columns;
    };
    // Where a row ends in text_ and in cells_, and the next one begins.
    struct End {
        std::size_t text;
        std::size_t cell;
    };
    End begin_of(std::size_t row) const { return row == 0 ? End{0, 0} : rows_[row - 1]; }
    void append_line(std::string& out, std::size_t row, const std::vector<std::size_t>& widths,
                     const std::vector<bool>& right_aligned, std::size_t width, std::size_t styled_column,
                     std::string_view style) const;

    std::string text_;
    std::vector<Cell> cells_;
    std::vector<End> rows_;
};

}  // namespace sigmund::text
