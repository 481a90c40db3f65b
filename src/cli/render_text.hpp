// SPDX-License-Identifier: Apache-2.0
// Runs as a table for people, and as porcelain fields for scripts.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cli/columns.hpp"
#include "run/view.hpp"
#include "text/page.hpp"
#include "text/table.hpp"

namespace sigmund::cli {

// The table of `list`. Rows are rendered as they are read, so that no record is kept. `order` tells which
// rows are shown, and in which order; lines are cut at `width` columns (0: not at all).
class RunsTable {
  public:
    explicit RunsTable(sys::Millis now) : now_(now) {}
    void add(const run::Judged& run);
    text::Page render(const std::vector<std::uint32_t>& order, std::size_t width, bool color) const;

  private:
    sys::Millis now_;
    text::Rows rows_;
    std::vector<bool> named_;
    std::vector<char> moods_;  // for the colour of the state
};
// "exited 0", "killed SIGSEGV", "running", ...: state with result.
std::string state_text(const run::Judged& run);

// One record a line, which ends with `end`; the fields are escaped, and separated by one TAB.
class Porcelain {
  public:
    // `view`: for columns that tell of processes; it outlives this.
    Porcelain(std::vector<const Column*> columns, char end, const run::View& view)
        : columns_(std::move(columns)), end_(end), view_(&view) {}
    void add(const run::Judged& run);
    // The lines of `order`, as with RunsTable.
    std::string render(const std::vector<std::uint32_t>& order) const;
    // All of them as they were added.
    const std::string& text() const { return text_; }

  private:
    std::vector<const Column*> columns_;
    char end_;
    const run::View* view_;
    std::string text_;
    std::vector<std::size_t> ends_;
};

}  // namespace sigmund::cli
