// SPDX-License-Identifier: Apache-2.0
// Runs as words for people, and as porcelain lines for scripts.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cli/columns.hpp"
#include "run/view.hpp"
#include "text/page.hpp"

namespace sigmund::cli {

// Returns the state as words: "restarting in 5s", "waiting for a change", "exceeded its restart limit".
std::string state_in_words(const run::Judged& run);

// Returns the line of `list --jobs`, in the form of the shell's `jobs`: the run, its state in words, the TCP
// ports it listens on, and its command.
text::Page job_line(const run::Judged& run, const run::View& view, bool color);

// Returns the command; of one that would fill more than a few rows of the terminal, the beginning. 0 columns: the whole.
std::string command_beginning(const run::Record& record, std::size_t columns);

// Lines for scripts: one record per line, ended by `end`, with escaped fields separated by one TAB.
class Porcelain {
  public:
    // `view` is for columns that need the processes of a run; it must outlive this.
    Porcelain(std::vector<const Column*> columns, char end, const run::View& view)
        : columns_(std::move(columns)), end_(end), view_(&view) {}
    void add(const run::Judged& run);
    // Returns the lines in the given order, as RunsTable does.
    std::string render(const std::vector<std::uint32_t>& order) const;
    // Returns all lines in the order in which they were added.
    const std::string& text() const { return text_; }

  private:
    std::vector<const Column*> columns_;
    char end_;
    const run::View* view_;
    std::string text_;
    std::vector<std::size_t> ends_;
};

}  // namespace sigmund::cli
