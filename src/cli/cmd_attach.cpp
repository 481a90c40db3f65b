// SPDX-License-Identifier: Apache-2.0
// `attach`: joins this terminal to that of a run.
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/stay_attached.hpp"
#include "cli/targets.hpp"
#include "ops/attach.hpp"
#include "ops/follow.hpp"
#include "run/failure.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "sys/terminal.hpp"

namespace sigmund::cli {
namespace {

// A pipe or a file gets all of the log: nothing may be left out there.
int follow_log(const run::View& view, const run::Judged& run) {
    ops::check_attachable(view, run.record);
    detach_on_signal(label(run.record) + " keeps running");
    ops::FollowRequest request;
    request.start.lines = 10;
    request.until_leader = true;
    const auto outcomes = ops::follow(view, {run}, request);
    end_open_lines(outcomes);
    const auto& end = outcomes[0];
    return end.status.known ? end.status.shell_code() : 1;
}

}  // namespace

int cmd_attach(const Args& args) {
    const run::View view = run::View::open();
    const auto runs = some_targets_of(view, args, args.words);
    if (runs.size() != 1)
        throw run::Failure(run::Exit::usage, "usage", "attach needs one run, and these are several");
    const run::Judged& run = runs[0];
    const bool looks = args.has("read-only");
    if (!sys::is_terminal(STDOUT_FILENO)) return follow_log(view, run);
    if (!sys::is_terminal(STDIN_FILENO))
        throw run::Failure(
            run::Exit::usage, "usage", "attach needs a terminal for its input",
            "sigmund send " + run::handle(view, run.record) + " - writes what comes from a pipe");
    ops::Attachment attachment(view, run, looks ? run::Access::look : run::Access::type,
                               args.has("no-redraw") ? run::Redraw::as_is : run::Redraw::redraw);
    return stay_attached(view, run.record, attachment, looks);
}

}  // namespace sigmund::cli
