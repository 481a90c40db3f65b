// SPDX-License-Identifier: Apache-2.0
// `shell-notify`: is called by the hook before a prompt, and reports the runs that have ended since the last
// one. With --orphans it also reports runs that other shells have left behind. It is for people, so it writes
// to stderr. It must not fail loudly, since that would spoil every prompt.
#include <unistd.h>

#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/other_store.hpp"
#include "cli/output.hpp"
#include "cli/shell_policy.hpp"
#include "cli/styles.hpp"
#include "cli/targets.hpp"
#include "ops/shell_runs.hpp"
#include "run/input_end.hpp"
#include "run/label.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {
namespace {

// Adds a line for each run that has ended, with its result in colour, and counts those that are too many.
// `here` is the store of the moment.
void tell_ends(const Args& args, const run::View& here, const ops::RunsOfShell<run::Record>& ended,
               bool color, text::Page& lines) {
    constexpr std::size_t most_lines = 8;
    const std::size_t count = ended.runs.size();
    for (std::size_t i = 0; i < count && i < most_lines; ++i) {
        const run::Record& r = ended.runs[i];
        const run::View& view = *ended.views[i];
        const bool well = r.result.empty() || r.result.succeeded() || r.result == run::Result::stopped;
        const sys::Millis end = r.ended_ms.value_or(sys::realtime_ms());
        lines.add(run::label(r) + ' ')
            .add(r.result.sentence(), style_if(color, well ? styles::green : styles::red))
            .line(" after " + text::format_duration(std::max<sys::Millis>(0, end - r.started_ms)) + "; " +
                  command_in(view, here, "sigmund logs " + handle(view, args, r)) +
                  (run::may_have_ended_with_its_input(r) ? "; --stdin open keeps a watcher running" : ""));
    }
    if (count > most_lines) lines.line("and " + std::to_string(count - most_lines) + " more");
}

void tell_orphans(const Args& args, const run::View& view, text::Page& lines) {
    constexpr std::size_t most_named = 5;
    run::ShellMarks(view.store()).sweep_closed(view);
    const auto orphans = ops::orphaned_runs(view);
    if (orphans.empty() || !ops::orphans_are_news(view.store(), orphans)) return;
    std::string names;
    for (std::size_t i = 0; i < orphans.size() && i < most_named; ++i)
        names += (names.empty() ? "" : ", ") + run::short_label(orphans[i].record);
    if (orphans.size() > most_named) names += ", ...";
    lines.line(std::to_string(orphans.size()) + (orphans.size() == 1 ? " run" : " runs") +
               " left by closed shells (" + names + "): sigmund list --orphaned, sigmund adopt " +
               handle(view, args, orphans[0].record));
}

}  // namespace

int cmd_shell_notify(const Args& args) {
    const std::string shell = args.value("id").value_or("");
    const std::vector<run::View> views = ops::views_of_shell(shell);
    text::Page lines;
    tell_ends(args, views[0], ops::take_ended_runs(views, shell), use_color(args, STDERR_FILENO), lines);
    if (args.has("orphans") && views[0].store().present()) tell_orphans(args, views[0], lines);
    if (!lines.empty() && tells_of_ends()) {
        begin_fresh_line();
        say(lines);
    }
    return 0;
}

}  // namespace sigmund::cli
