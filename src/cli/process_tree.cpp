// SPDX-License-Identifier: Apache-2.0
#include "cli/process_tree.hpp"

#include <algorithm>
#include <vector>

#include "ops/usage.hpp"
#include "text/fold.hpp"
#include "text/quote.hpp"

namespace sigmund::cli {
namespace {

constexpr std::size_t least_command = 8;  // columns

void tree_below(const run::Record& record, const std::vector<run::Member>& members, const run::Census& census,
                pid_t parent, const std::string& indent, std::size_t columns, std::vector<pid_t>& shown,
                text::Page& out) {
    for (const run::Member& m : members) {
        if (m.ppid != parent || std::find(shown.begin(), shown.end(), m.pid) != shown.end()) continue;
        shown.push_back(m.pid);
        auto argv = census.proc().command_line(m.pid);
        // A program that sets its own title leaves empty words after it.
        while (argv.size() > 1 && argv.back().empty()) argv.pop_back();
        const auto stat = census.proc().stat(m.pid);
        const std::string left = indent + std::to_string(m.pid) + "  ";
        const char* const mark = m.pid == record.pid               ? "  (leader)"
                                 : !ops::own_group(record, m.pgrp) ? "  (left the group)"
                                                                   : "";
        const std::string command = !argv.empty() ? text::quote(argv) : stat ? '[' + stat->comm + ']' : "?";
        // The mark stays in sight, however long the command is.
        const std::size_t taken = std::string_view(mark).size();
        const bool room = columns > left.size() + least_command + taken;
        out.add(text::cut(text::Page().add(left + command), room ? columns - taken : columns));
        out.line(room || columns == 0 ? mark : "");
        tree_below(record, members, census, m.pid, indent + "  ", columns, shown, out);
    }
}

}  // namespace

text::Page process_tree(const run::Record& record, const run::Census& census, const std::string& indent,
                        std::size_t columns) {
    text::Page out;
    const auto members = census.members(record);
    std::vector<pid_t> shown;
    // The roots are the processes whose parent does not belong to the run.
    for (const run::Member& m : members) {
        const bool inner = std::any_of(members.begin(), members.end(),
                                       [&](const run::Member& other) { return other.pid == m.ppid; });
        if (!inner) tree_below(record, members, census, m.ppid, indent, columns, shown, out);
    }
    return out;
}

}  // namespace sigmund::cli
