// SPDX-License-Identifier: Apache-2.0
// `tree`: shows the processes of runs.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/render_text.hpp"
#include "cli/targets.hpp"
#include "ops/usage.hpp"
#include "run/label.hpp"
#include "run/state_text.hpp"
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

int cmd_tree(const Args& args) {
    const run::View view = run::View::open();
    const run::Census& census = view.census();
    text::Page out;
    for (const run::Judged& run : targets_of(view, args, args.words)) {
        out.line(label(run.record) + "  " + run::state_text(run));
        if (!run.live()) continue;
        const auto members = census.members(run.record);
        std::vector<pid_t> shown;
        // The roots are the processes whose parent does not belong to the run.
        for (const run::Member& m : members) {
            const bool inner = std::any_of(members.begin(), members.end(),
                                           [&](const run::Member& other) { return other.pid == m.ppid; });
            if (!inner) tree_below(run.record, members, census, m.ppid, "  ", shown, out);
        }
    }
    print(out);
    return 0;
}

}  // namespace sigmund::cli
