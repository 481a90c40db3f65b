// SPDX-License-Identifier: Apache-2.0
// One line of a terminal with its cursor, which text overwrites. Columns count from 0; a wide character has
// two of them, and a tab reaches to the next multiple of eight.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::text {

class TerminalLine {
  public:
    static constexpr std::size_t limit = 64 * 1024;  // the most columns, and the most bytes of text
    static constexpr std::size_t gap_limit = 500;    // how far beyond its end the cursor moves

    // Writes at the cursor, and moves it on.
    void put_ascii(std::string_view run);
    void put(std::string_view character, std::size_t width);  // of one or two columns
    // Adds a combining mark to the character before the cursor; without one, it is left out.
    void combine(std::string_view mark);
    // Beyond the end of the line this writes a tab, or the blanks for it; elsewhere it moves the cursor.
    void tab(bool as_blanks);

    std::size_t column() const { return column_; }
    void move_to(std::size_t column);
    void erase(std::size_t from, std::size_t to);
    void erase_from(std::size_t column);
    // These shift what is behind the cursor. Where that is very long, they do nothing.
    void insert_blanks(std::size_t count);
    void remove(std::size_t count);

    bool empty() const { return cells_.empty(); }
    std::size_t size() const { return cells_.size(); }
    // Returns the line. Blanks at its end stay, if nothing in the line has been overwritten.
    std::string text() const;
    // Returns how many bytes of ASCII can be written before the line is full; at least 1.
    std::size_t room() const;
    // Returns whether the line has reached its limit, and must be cleared before anything else is written.
    bool full();
    void clear();  // The cursor stays in its column.

  private:
    struct Cell {
        std::uint32_t at = 0;      // where its character is in pool_
        std::uint32_t length = 0;  // 0: blank; covered: it belongs to the character before it
    };
    static constexpr std::uint32_t covered = UINT32_MAX;
    void write(std::string_view character, std::size_t width);
    void blank(std::size_t column);
    void pack();

    std::vector<Cell> cells_;
    std::string pool_;  // the characters in the order in which they were written
    std::size_t column_ = 0;
    bool overwritten_ = false;
};

}  // namespace sigmund::text
