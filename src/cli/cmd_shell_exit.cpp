// SPDX-License-Identifier: Apache-2.0
// `shell-exit`: is called by the hook when its shell exits. It asks one question about the runs of the shell in all
// stores, and carries out the answer in the store of each run.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/exit_stop.hpp"
#include "cli/other_store.hpp"
#include "cli/shell_policy.hpp"
#include "ops/exit_prompt.hpp"
#include "ops/exit_terminal.hpp"
#include "ops/shell_runs.hpp"
#include "sys/clock.hpp"
#include "sys/file.hpp"

namespace sigmund::cli {
namespace {

constexpr sys::Millis patience_with_frozen = 250;  // the shell of the user exits only after that

// What was decided about the runs.
struct Decision {
    std::vector<RunsInStore> to_stop;
    std::vector<const run::View*> stopped_in, kept_in;  // the store of each run
};

// Returns whether another shell has adopted the run in the meantime.
bool was_adopted(const run::View& view, const std::string& id, const std::string& shell) {
    run::Record now;
    return view.store().read(id, run::Depth::head, now) == run::Read::ok && run::owner_of(now) != shell;
}

// Sorts the runs by the answer, and releases those to keep from the shell.
Decision carry_out(const std::vector<run::View>& views, ops::RunsOfShell<run::Judged>& found,
                   const ops::ExitAnswer& answer, const std::string& shell) {
    Decision out;
    const sys::Millis until = sys::monotonic_ms() + patience_with_frozen;
    for (const run::View& view : views) {
        std::vector<run::Judged> to_stop;
        std::vector<run::Record> to_keep;
        for (std::size_t i = 0; i < found.runs.size(); ++i) {
            if (found.views[i] != &view || was_adopted(view, found.runs[i].record.id, shell)) continue;
            if (std::find(answer.chosen.begin(), answer.chosen.end(), i) != answer.chosen.end()) {
                // A person was asked in the meantime, which may have taken long.
                view.look_again(found.runs[i]);
                to_stop.push_back(std::move(found.runs[i]));
                out.stopped_in.push_back(&view);
            } else {
                to_keep.push_back(std::move(found.runs[i].record));
                out.kept_in.push_back(&view);
            }
        }
        ops::release_from_shell(view.store(), to_keep, std::max<sys::Millis>(0, until - sys::monotonic_ms()));
        if (!to_stop.empty()) out.to_stop.push_back({&view, std::move(to_stop)});
    }
    return out;
}

}  // namespace

int cmd_shell_exit(const Args& args) {
    const std::string shell = args.value("id").value_or("");
    const std::vector<run::View> views = ops::views_of_shell(shell);
    auto found = ops::live_runs_of_shell(views, shell);
    if (found.runs.empty()) {
        ops::take_ended_runs(views, shell);
        return 0;
    }
    const sys::Fd terminal = ops::terminal_to_ask();
    const ops::ExitAnswer answer = ops::ask_on_exit(found.runs, exit_policy(), terminal.get(), shell);
    // When the shell was killed during the question, the terminal belongs to another one.
    const int tty = terminal && ops::in_foreground(terminal.get()) ? terminal.get() : -1;
    const auto kept = [&](const std::vector<const run::View*>& in) {
        if (tty < 0) return;
        const std::string list = list_commands(in, views[0]);
        sys::write_all(tty, "kept " + std::to_string(in.size()) + "; see: " + list + '\n');
    };
    if (answer.choice == ops::ExitChoice::leave) {
        kept(found.views);
        return 0;
    }
    const Decision decision = carry_out(views, found, answer, shell);
    stop_at_exit(decision.to_stop, tty, list_commands(decision.stopped_in, views[0]));
    if (!decision.kept_in.empty()) kept(decision.kept_in);
    return 0;
}

}  // namespace sigmund::cli
