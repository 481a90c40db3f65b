// SPDX-License-Identifier: Apache-2.0
#include "text/plain.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "text/escape.hpp"
#include "text/utf8.hpp"

namespace sigmund::text {
namespace {

constexpr std::size_t screen_rows = 50;       // the distance that CSI H and CSI B reach below the last line
constexpr std::size_t longest_string = 4096;  // the length of an OSC or DCS whose end is missing
constexpr std::size_t longest_cluster = 64;   // the bytes of combining marks in one cell
constexpr std::uint32_t right_half = UINT32_MAX;  // marks the second cell of a wide character
constexpr std::string_view replacement = "\xef\xbf\xbd";

// One column. It refers to its character in the input, so that a cell is small.
struct Cell {
    std::uint32_t at = 0;
    std::uint32_t length = 0;  // 0: blank
};

class Screen {
  public:
    explicit Screen(const PlainLimits& limits) : limits_(limits) { rows_.emplace_back(); }

    void feed(std::string_view bytes) {
        bytes_ = bytes;
        for (at_ = 0; at_ < bytes_.size();) {
            const auto byte = static_cast<unsigned char>(bytes_[at_]);
            if (byte == 0x1b) {
                ++at_;
                escape_sequence();
            } else if (byte < 0x20 || byte == 0x7f) {
                ++at_;
                control(byte);
            } else {
                character();
            }
        }
    }

    std::vector<std::string> lines() const {
        std::vector<std::string> out;
        for (const std::vector<Cell>& row : rows_) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i)
                if (row[i].length != right_half) line += shown(row[i]);
            line.erase(line.find_last_not_of(' ') + 1);
            out.push_back(std::move(line));
        }
        while (!out.empty() && out.back().empty()) out.pop_back();
        return out;
    }

  private:
    std::string shown(const Cell& cell) const {
        if (cell.length == 0) return " ";
        const std::string_view text = bytes_.substr(cell.at, cell.length);
        return valid_utf8(text) ? std::string(text) : std::string(replacement);
    }

    void control(unsigned char byte) {
        if (byte == '\n' || byte == '\v' || byte == '\f') {
            column_ = 0;
            down(1);
        } else if (byte == '\r') {
            column_ = 0;
        } else if (byte == '\b') {
            if (column_ > 0) --column_;
        } else if (byte == '\t') {
            right(8 - column_ % 8);
        }
    }

    void character() {
        const Utf8Character here = decode_utf8(bytes_, at_);
        const std::size_t length = std::max<std::size_t>(here.length, 1), from = at_;
        at_ += length;
        if (here.length == 2 && here.code < 0xa0) {  // C1: U+009B is CSI, U+009D OSC
            if (here.code == 0x9b) control_sequence();
            if (here.code == 0x9d || here.code == 0x90) skip_string();
            return;
        }
        const std::size_t width = here.length == 0 ? 1 : display_width(bytes_.substr(from, length));
        if (width == 0) return combine(from, length);
        if (column_ + width > limits_.columns) return;
        std::vector<Cell>& row = rows_[row_];
        if (row.size() < column_ + width) row.resize(column_ + width);
        for (std::size_t i = 0; i < width; ++i) blank(row, column_ + i);
        row[column_] = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(length)};
        if (width == 2) row[column_ + 1].length = right_half;
        last_ = from + length;
        column_ += width;
    }

    // A combining mark belongs to the character before it, which directly precedes it in the input.
    void combine(std::size_t from, std::size_t length) {
        if (last_ != from || column_ == 0) return;
        std::vector<Cell>& row = rows_[row_];
        std::size_t column = std::min(column_, row.size());
        while (column > 0 && row[column - 1].length == right_half) --column;
        if (column == 0) return;
        Cell& cell = row[column - 1];
        if (cell.at + cell.length != from || cell.length + length > longest_cluster) return;
        cell.length += static_cast<std::uint32_t>(length);
        last_ = from + length;
    }

    // When half of a wide character is overwritten, the other half becomes blank.
    static void blank(std::vector<Cell>& row, std::size_t column) {
        if (column >= row.size()) return;
        if (row[column].length == right_half && column > 0) row[column - 1] = {};
        if (column + 1 < row.size() && row[column + 1].length == right_half) row[column + 1] = {};
        row[column] = {};
    }

    void erase(std::size_t row, std::size_t from, std::size_t to) {
        std::vector<Cell>& cells = rows_[row];
        to = std::min(to, cells.size());
        for (std::size_t i = from; i < to; ++i) blank(cells, i);
        if (to == cells.size() && from < to) cells.resize(from);
    }

    void right(std::size_t n) { column_ = std::min(column_ + n, limits_.columns - 1); }
    void up(std::size_t n) { row_ -= std::min(n, row_); }
    // Below the last line there is only the space that a newline, or a program that draws, creates.
    void down(std::size_t n) {
        row_ += std::min(n, screen_rows);
        while (rows_.size() <= row_) rows_.emplace_back();
        if (rows_.size() <= limits_.lines + limits_.lines / 4 + 1) return;
        trim();
    }
    void trim() {
        if (rows_.size() <= limits_.lines) return;
        const std::size_t over = std::min(rows_.size() - limits_.lines, row_);
        rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(over));
        row_ -= over;
        top_ -= std::min(over, top_);
    }

    void move_to(std::size_t row, std::size_t column) {
        row_ = std::min(top_, rows_.size() - 1);
        down(std::min(row > 0 ? row - 1 : 0, screen_rows));
        column_ = std::min(column > 0 ? column - 1 : 0, limits_.columns - 1);
    }

    void escape_sequence() {
        if (at_ >= bytes_.size()) return;
        const char kind = bytes_[at_];
        if (kind == '[') {
            ++at_;
            return control_sequence();
        }
        if (kind == ']' || kind == 'P' || kind == '_' || kind == '^' || kind == 'X') {
            ++at_;
            return skip_string();
        }
        while (at_ < bytes_.size() && bytes_[at_] >= 0x20 && bytes_[at_] <= 0x2f) ++at_;
        if (at_ >= bytes_.size() || bytes_[at_] < 0x30 || bytes_[at_] > 0x7e) return;
        const char final = bytes_[at_++];
        if (final == 'M') up(1);                    // reverse index
        if (final == 'E') column_ = 0;              // next line
        if (final == 'E' || final == 'D') down(1);  // index
    }

    // Skips to BEL or ESC \. A newline ends the string too, so that a stray beginning does not swallow the
    // rest of a log.
    void skip_string() {
        const std::size_t end = std::min(bytes_.size(), at_ + longest_string);
        for (; at_ < end; ++at_) {
            const char c = bytes_[at_];
            if (c == '\n') return;
            if (c == '\a') {
                ++at_;
                return;
            }
            if (c != 0x1b) continue;
            if (at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '\\') at_ += 2;
            return;
        }
    }

    // Handles what follows CSI: parameters, intermediates, one final byte.
    void control_sequence() {
        std::array<std::size_t, 4> number{};
        std::size_t count = 0;
        bool plain = true;  // there is no private marker and no intermediate
        for (; at_ < bytes_.size(); ++at_) {
            const char c = bytes_[at_];
            if (c >= '0' && c <= '9') {
                if (count < number.size())
                    number[count] = std::min<std::size_t>(
                        number[count] * 10 + static_cast<std::size_t>(c - '0'), 100'000);
            } else if (c == ';' || c == ':') {
                ++count;
            } else if (c >= 0x20 && c <= 0x3f) {
                plain = false;
            } else {
                break;
            }
        }
        if (at_ >= bytes_.size() || bytes_[at_] < 0x40 || bytes_[at_] > 0x7e) return;
        const char final = bytes_[at_++];
        if (plain) carry_out(final, number[0], number[1]);
    }

    void carry_out(char final, std::size_t first, std::size_t second) {
        const std::size_t n = std::max<std::size_t>(first, 1);
        std::vector<Cell>& row = rows_[row_];
        switch (final) {
            case 'A':
            case 'F':
                if (final == 'F') column_ = 0;
                return up(n);
            case 'B':
            case 'E':
                if (final == 'E') column_ = 0;
                return down(n);
            case 'C':
                return right(n);
            case 'D':
                column_ -= std::min(n, column_);
                return;
            case 'G':
            case '`':
                column_ = std::min(n - 1, limits_.columns - 1);
                return;
            case 'H':
            case 'f':
                return move_to(n, second);
            case 'd':
                return move_to(n, column_ + 1);
            case 'J':
                return erase_display(first);
            case 'K':
                if (first == 0) erase(row_, column_, row.size());
                if (first == 1) erase(row_, 0, column_ + 1);
                if (first == 2) row.clear();
                return;
            case 'X':
                return erase(row_, column_, column_ + n);
            case 'P':
                if (column_ >= row.size()) return;
                blank(row, column_);
                row.erase(row.begin() + static_cast<std::ptrdiff_t>(column_),
                          row.begin() + static_cast<std::ptrdiff_t>(std::min(column_ + n, row.size())));
                if (column_ < row.size() && row[column_].length == right_half) row[column_] = {};
                return;
            case '@':
                if (column_ >= row.size()) return;
                if (row[column_].length == right_half) blank(row, column_);
                row.insert(row.begin() + static_cast<std::ptrdiff_t>(column_), std::min(n, limits_.columns),
                           Cell{});
                if (row.size() > limits_.columns) row.resize(limits_.columns);
                return;
            default:
                return;
        }
    }

    void erase_display(std::size_t what) {
        if (what == 0) {
            erase(row_, column_, rows_[row_].size());
            rows_.resize(row_ + 1);
        } else if (what == 1) {
            for (std::size_t i = std::min(top_, row_); i < row_; ++i) rows_[i].clear();
            erase(row_, 0, column_ + 1);
        } else if (what == 2) {
            const std::size_t column = column_;
            row_ = rows_.size() - 1;
            if (!rows_.back().empty()) down(1);
            top_ = row_;
            column_ = column;
        }
    }

    const PlainLimits limits_;
    std::string_view bytes_;
    std::size_t at_ = 0;
    std::vector<std::vector<Cell>> rows_;
    std::size_t row_ = 0, column_ = 0;
    std::size_t top_ = 0;   // the row from which CSI H counts
    std::size_t last_ = 0;  // the end of the last shown character in the input
};

}  // namespace

std::vector<std::string> plain_lines(std::string_view bytes, const PlainLimits& limits) {
    PlainLimits sane = limits;
    sane.columns = std::max<std::size_t>(sane.columns, 2);
    sane.lines = std::max<std::size_t>(sane.lines, 1);
    Screen screen(sane);
    screen.feed(bytes.substr(0, UINT32_MAX / 2));
    std::vector<std::string> out = screen.lines();
    if (out.size() > sane.lines) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(sane.lines));
    return out;
}

}  // namespace sigmund::text
