// SPDX-License-Identifier: Apache-2.0
#include "cli/process_tree.hpp"

#include <algorithm>
#include <vector>

#include "ops/usage.hpp"
#include "text/quote.hpp"

namespace sigmund::cli {
namespace {

void tree_below(const run::Record& record, const std::vector<run::Member>& members, const run::Census& census,
                pid_t parent, const std::string& indent, std::vector<pid_t>& shown, text::Page& out) {
    for (const run::Member& m : members) {
        if (m.ppid != parent || std::find(shown.begin(), shown.end(), m.pid) != shown.end()) continue;
        shown.push_back(m.pid);
        auto argv = census.proc().command_line(m.pid);
        // A program that sets its own title leaves empty words after it.
        while (argv.size() > 1 && argv.back().empty()) argv.pop_back();
        const auto stat = census.proc().stat(m.pid);
        const std::string command = !argv.empty() ? text::quote(argv) : stat ? '[' + stat->comm + ']' : "?";
        out.line(indent + std::to_string(m.pid) + "  " + command +
                 (m.pid == record.pid               ? "  (leader)"
                  : !ops::own_group(record, m.pgrp) ? "  (left the group)"
                                                    : ""));
        tree_below(record, members, census, m.pid, indent + "  ", shown, out);
    }
}

}  // namespace

text::Page process_tree(const run::Record& record, const run::Census& census, const std::string& indent) {
    text::Page out;
    const auto members = census.members(record);
    std::vector<pid_t> shown;
    // The roots are the processes whose parent does not belong to the run.
    for (const run::Member& m : members) {
        const bool inner = std::any_of(members.begin(), members.end(),
                                       [&](const run::Member& other) { return other.pid == m.ppid; });
        if (!inner) tree_below(record, members, census, m.ppid, indent, shown, out);
    }
    return out;
}

}  // namespace sigmund::cli
