// SPDX-License-Identifier: Apache-2.0
// The lines of a log that are kept for the screen, and the part of them that is shown. Lines have numbers that stay the same
// while others come and go, so that what a person looks at does not move.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace sigmund::top {

class LogLines {
  public:
    static constexpr std::size_t limit = 50'000;  // older lines are dropped

    // Adds a line. Where the end is followed, it comes into sight.
    void add(std::string line);
    // Sets the line that has not ended yet, which is shown behind the others; empty: there is none.
    void set_open(std::string line) { open_ = std::move(line); }
    void clear();

    // Moves the line that is selected. To move up ends the following; to move to the last line begins it again.
    void move(std::int64_t lines);
    void home();
    void end();
    bool following() const { return following_; }
    std::int64_t selected() const;
    // Selects a line by its distance from the end: 0 is the last one.
    void select_from_end(std::int64_t distance);
    std::int64_t from_end() const { return last() - selected(); }

    // Begins to mark lines, from the selected one on, or stops that.
    void mark();
    bool marked(std::int64_t line) const;
    // Returns the selected line or all marked ones, each with a newline.
    std::string copy() const;

    // Selects the next line above the selected one (or with `down` below it) that has `word` in it, in any case. Returns
    // whether there is one.
    bool search(const std::string& word, bool down);

    std::int64_t first() const { return first_; }
    // Returns the number of the last line, which is first() - 1 when there are none.
    std::int64_t last() const;
    const std::string& at(std::int64_t line) const;
    // Returns the first line to be drawn where `height` rows have room.
    std::int64_t first_shown(std::size_t height);

  private:
    std::deque<std::string> lines_;
    std::string open_;
    std::int64_t first_ = 0;     // the number of lines_.front()
    std::int64_t selected_ = 0;  // if the end is not followed
    std::int64_t top_ = 0;       // as drawn last
    std::int64_t mark_ = -1;     // where marking began; -1: nothing is marked
    bool following_ = true;
};

}  // namespace sigmund::top
