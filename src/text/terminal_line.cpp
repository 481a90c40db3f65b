// SPDX-License-Identifier: Apache-2.0
#include "text/terminal_line.hpp"

#include <algorithm>

namespace sigmund::text {
namespace {

constexpr std::size_t tab_stop = 8;
constexpr std::size_t longest_shift = 4096;  // shifting more cells again and again would take long

}  // namespace

// Erases a column. What else the same character covers becomes blank, too.
void TerminalLine::blank(std::size_t column) {
    if (column >= cells_.size()) return;
    std::size_t first = column;
    while (first > 0 && cells_[first].length == covered) cells_[first--] = {};
    cells_[first] = {};
    for (std::size_t i = column + 1; i < cells_.size() && cells_[i].length == covered; ++i) cells_[i] = {};
}

void TerminalLine::write(std::string_view character, std::size_t width) {
    if (column_ < cells_.size()) overwritten_ = true;
    for (std::size_t i = 0; i < width; ++i) blank(column_ + i);
    if (cells_.size() < column_ + width) cells_.resize(column_ + width);
    cells_[column_] = {static_cast<std::uint32_t>(pool_.size()),
                       static_cast<std::uint32_t>(character.size())};
    for (std::size_t i = 1; i < width; ++i) cells_[column_ + i].length = covered;
    pool_ += character;
    column_ += width;
}

void TerminalLine::put_ascii(std::string_view run) {
    if (column_ < cells_.size()) {
        for (std::size_t i = 0; i < run.size(); ++i) write(run.substr(i, 1), 1);
        return;
    }
    cells_.resize(column_);
    for (std::size_t i = 0; i < run.size(); ++i)
        cells_.push_back({static_cast<std::uint32_t>(pool_.size() + i), 1});
    pool_ += run;
    column_ += run.size();
}

void TerminalLine::put(std::string_view character, std::size_t width) {
    write(character, width);
}

void TerminalLine::combine(std::string_view mark) {
    std::size_t column = std::min(column_, cells_.size());
    while (column > 0 && cells_[column - 1].length == covered) --column;
    if (column == 0) return;
    Cell& cell = cells_[column - 1];
    if (cell.length == 0 || cell.at + cell.length != pool_.size()) return;
    pool_ += mark;
    cell.length += static_cast<std::uint32_t>(mark.size());
}

void TerminalLine::tab(bool as_blanks) {
    const std::size_t width = tab_stop - column_ % tab_stop;
    if (column_ < cells_.size())
        move_to(column_ + width);
    else if (as_blanks)
        put_ascii(std::string_view("        ").substr(0, width));
    else
        write("\t", width);
}

void TerminalLine::move_to(std::size_t column) {
    column_ = std::min(column, cells_.size() + gap_limit);
}

void TerminalLine::erase(std::size_t from, std::size_t to) {
    to = std::min(to, cells_.size());
    if (from >= to) return;
    if (to == cells_.size()) return erase_from(from);
    overwritten_ = true;
    blank(from);
    blank(to - 1);
    std::fill(cells_.begin() + static_cast<std::ptrdiff_t>(from),
              cells_.begin() + static_cast<std::ptrdiff_t>(to), Cell{});
}

void TerminalLine::erase_from(std::size_t column) {
    if (column >= cells_.size()) return;
    blank(column);
    cells_.resize(column);
    if (cells_.empty()) clear();
}

void TerminalLine::insert_blanks(std::size_t count) {
    if (column_ >= cells_.size() || cells_.size() - column_ > longest_shift) return;
    overwritten_ = true;
    if (cells_[column_].length == covered) blank(column_);
    cells_.insert(cells_.begin() + static_cast<std::ptrdiff_t>(column_), std::min(count, gap_limit), Cell{});
}

void TerminalLine::remove(std::size_t count) {
    if (column_ >= cells_.size() || cells_.size() - column_ > longest_shift) return;
    const std::size_t end = std::min(column_ + count, cells_.size());
    blank(column_);
    if (end < cells_.size() && cells_[end].length == covered) blank(end);
    cells_.erase(cells_.begin() + static_cast<std::ptrdiff_t>(column_),
                 cells_.begin() + static_cast<std::ptrdiff_t>(end));
    if (cells_.empty()) clear();
}

std::string TerminalLine::text() const {
    std::string out;
    out.reserve(cells_.size());
    std::size_t from = 0, to = 0;  // a part of the pool that is to be copied
    for (const Cell& cell : cells_) {
        if (cell.length == covered) continue;
        if (cell.length > 0 && cell.at == to) {
            to += cell.length;
            continue;
        }
        out.append(pool_, from, to - from);
        if (cell.length == 0) out += ' ';
        from = cell.at;
        to = from + cell.length;
    }
    out.append(pool_, from, to - from);
    if (overwritten_) out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

// Drops the characters from the pool that have been overwritten.
void TerminalLine::pack() {
    std::string pool;
    for (Cell& cell : cells_) {
        if (cell.length == 0 || cell.length == covered) continue;
        const auto at = static_cast<std::uint32_t>(pool.size());
        pool.append(pool_, cell.at, cell.length);
        cell.at = at;
    }
    pool_ = std::move(pool);
}

std::size_t TerminalLine::room() const {
    const std::size_t used = std::max({cells_.size(), column_, pool_.size()});
    return used < limit ? limit - used : 1;
}

bool TerminalLine::full() {
    if (cells_.size() >= limit) return true;
    if (pool_.size() < limit) return false;
    pack();
    return pool_.size() >= limit / 2;  // so that the next pack() is far away
}

void TerminalLine::clear() {
    cells_.clear();
    pool_.clear();
    overwritten_ = false;
}

}  // namespace sigmund::text
