// SPDX-License-Identifier: Apache-2.0
// The table of `list` and `status`.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ops/terminal_look.hpp"
#include "run/view.hpp"
#include "sys/ports.hpp"
#include "text/page.hpp"
#include "text/table.hpp"

namespace sigmund::cli {

// How a table is printed.
struct TableLook {
    std::size_t width = 0;  // lines are cut at so many columns (0: not at all)
    bool color = false;
    bool wide = false;  // with all columns
};

// Each row is rendered when it is added, so that no record is kept. Live runs are measured then; their records must
// have been read in full, and those of finished runs where what they have used is to be shown. The projects are shown
// where they are needed: if runs of several projects have the same name, or if the folder of a live run's project is
// gone.
class RunsTable {
  public:
    // `view` must outlive this.
    explicit RunsTable(const run::View& view);
    void add(const run::Judged& run);
    // `order` says which rows are shown, in which order.
    text::Page render(const std::vector<std::uint32_t>& order, const TableLook& look) const;

  private:
    void note_project(const run::Judged& run);
    void add_state(const run::Judged& run);
    void add_figures(const run::Judged& run);

    const run::View& view_;
    const sys::Millis now_;
    sys::OpenPorts ports_;
    ops::TerminalLooks terminals_;
    text::Rows rows_;
    std::map<std::string, std::string> projects_of_names_;
    std::map<std::string, std::string> shown_projects_;  // by their folders
    std::set<std::string> looked_at_;                    // folders of live runs' projects
    bool projects_ = false;
    std::vector<std::string_view> styles_;  // of the state, by row
};

}  // namespace sigmund::cli
