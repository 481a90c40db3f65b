// SPDX-License-Identifier: Apache-2.0
// Which runs the list shows, and which of them is selected. The selection belongs to the id of a run, so that it stays
// with that run whatever the rows do meanwhile.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sigmund::top {

struct Entry {
    std::string id;
    std::string text;  // what the filter looks at: the id, the name, the state and the command
    bool live = false;
    std::int64_t started_ms = 0;
};

class Picker {
  public:
    // Takes the runs: live ones come first, then the newest. Where the selected run is gone, the one in its row is
    // selected.
    void set(std::vector<Entry> entries);
    // Only runs that have each word of `filter` in their text are shown, in any case.
    void set_filter(const std::string& filter);
    const std::string& filter() const { return filter_; }

    // Moves the selection by this many rows, and stays within the list.
    void move(std::int64_t rows);
    // Selects a run, or the row of the list. Nothing changes when there is no such run or row.
    void select(const std::string& id);
    void select_row(std::size_t row);
    // Returns the id of the selected run; empty when no run is shown.
    const std::string& selected() const { return selected_; }
    std::size_t selected_row() const { return row_; }

    const std::vector<std::string>& shown() const { return shown_; }
    std::size_t total() const { return entries_.size(); }
    // Returns the first row to be drawn where `height` rows have room, so that the selected one is among them. It moves
    // as little as possible.
    std::size_t first_row(std::size_t height);

  private:
    void refresh();

    std::vector<Entry> entries_;
    std::string filter_;
    std::vector<std::string> shown_;
    std::string selected_;
    std::size_t row_ = 0;    // of the selected run
    std::size_t first_ = 0;  // as drawn last
};

// Returns whether each word of `filter` is in `subject`. Letters of ASCII match in either case.
bool passes(const std::string& filter, const std::string& subject);

}  // namespace sigmund::top
