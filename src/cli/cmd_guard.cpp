// SPDX-License-Identifier: Apache-2.0
// `guard`: runs a foreground command that needs runs. When one of them ends, it interrupts the command.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/targets.hpp"
#include "ops/follow.hpp"
#include "ops/foreground.hpp"
#include "ops/last_lines.hpp"
#include "run/label.hpp"

namespace sigmund::cli {

int cmd_guard(const Args& args) {
    const std::vector<std::string>&targets = args.words, &command = args.command;
    const run::View view = run::View::open();
    if (targets.empty()) no_target(args, view);
    if (command.empty())
        throw run::Failure(run::Exit::usage, "usage", "guard needs a command after --",
                           "sigmund guard db web -- npm test");
    const std::vector<run::Judged> runs = some_targets_of(view, args, targets);
    const ops::GuardOutcome outcome =
        ops::run_guarded(view, runs, command, [&](std::size_t ended, bool started) {
            say(label(runs[ended].record) +
                (started ? " has ended; interrupting " + command[0] : " is not running"));
        });
    if (!outcome.ended) {
        if (outcome.passed_on != 0) {
            std::string names;
            for (const run::Judged& run : runs) names += (names.empty() ? "" : ", ") + label(run.record);
            say(command[0] + " got " + sys::signal_name(outcome.passed_on) + " and has ended; " + names +
                (runs.size() == 1 ? " keeps running" : " keep running"));
        }
        return outcome.status.shell_code();
    }
    run::Judged run = runs[*outcome.ended];
    run::Record& now = run.record;
    view.store().load(now.id, run::Depth::full, now);
    ops::FollowRequest last;
    last.follow = false;
    last.start.lines = 20;
    last.to_stderr = true;
    const bool printed = !ops::last_lines(view.store(), now, run::LogPart::whole, 0, 1).empty();
    say(printed ? "its last lines:" : "it has printed nothing");
    end_open_lines(ops::follow(view, {run}, last));
    // Processes that its leader has left behind may still run; then the record has no result yet.
    const run::Result result = now.result.empty() ? run::Result::of(outcome.run_status) : now.result;
    say(label(now) + ' ' + result.sentence());
    return static_cast<int>(run::Exit::guard_ended);
}

}  // namespace sigmund::cli
