// SPDX-License-Identifier: Apache-2.0
// Runs as a table for people, and as porcelain lines for scripts.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/columns.hpp"
#include "run/view.hpp"
#include "text/page.hpp"
#include "text/table.hpp"

namespace sigmund::cli {

// The table of `list`. Each row is rendered when it is added, so that no record is kept. `order` says which
// rows are shown, in which order; lines are cut at `width` columns (0: not at all). The projects are shown where they are
// needed: if runs of several projects have the same name, or if the folder of a live run's project is gone.
class RunsTable {
  public:
    explicit RunsTable(sys::Millis now) : now_(now) {}
    // `need` is what people should know behind the state, or empty.
    void add(const run::Judged& run, const std::string& need = {});
    text::Page render(const std::vector<std::uint32_t>& order, std::size_t width, bool color) const;

  private:
    sys::Millis now_;
    void note_project(const run::Judged& run);

    text::Rows rows_;
    std::vector<bool> named_, with_port_;
    std::map<std::string, std::string> projects_of_names_;
    std::map<std::string, std::string> shown_projects_;  // by their folders
    std::set<std::string> looked_at_;                    // folders of live runs' projects
    bool projects_ = false;
    std::vector<char> moods_;  // of each row, for the colour of the state
};
// Returns the line of `list --jobs`, in the form of the shell's `jobs`: the run, its state in words, the TCP
// ports it listens on, and its command.
text::Page job_line(const run::Judged& run, const run::View& view, bool color);

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
