// SPDX-License-Identifier: Apache-2.0
// `restart`: stops runs and starts them again, each under its own guardian. A run that is over, or whose
// guardian is gone, is started as a new run.
#include <algorithm>

#include "cli/await_ready.hpp"
#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/stack.hpp"
#include "cli/targets.hpp"
#include "ops/again.hpp"
#include "ops/down.hpp"
#include "ops/launch.hpp"
#include "ops/perform.hpp"
#include "ops/stop.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

// As at a start, a user who ends this process while it waits is told that the run keeps running.
int await_restarted(const run::View& view, const run::Record& record, std::optional<sys::Millis> limit) {
    detach_on_signal(label(record) + " keeps running", "sigmund stop " + run::handle(view, record));
    return await_ready(view, record, false, limit);
}

// A run with --ready counts as restarted once it is ready. A restart policy may keep trying for longer than
// this waits.
int tell_restarted(const run::View& view, const run::Record& record, pid_t pid) {
    constexpr sys::Millis guardian_first =
        3'000;  // ms, for the guardian to end a run that is not ready in time, and to say why
    run::Record now;
    if (view.store().load(record.id, run::Depth::full, now) == run::Read::ok && now.ready) {
        const int exit = await_restarted(view, now, run::read_spec(now).ready_timeout + guardian_first);
        if (exit != 0) return exit;
        if (view.store().load(record.id, run::Depth::full, now) == run::Read::ok) pid = now.pid;
    }
    say("restarted " + label(record) + ": pid " + std::to_string(pid));
    return 0;
}

// Returns the run's own status if it ended instead of being ready again, as at its start; else 0.
int status_if_ended(const run::Store& store, const run::Record& record) {
    run::Record now;
    if (store.load(record.id, run::Depth::full, now) != run::Read::ok || !now.ready ||
        !run::is_final(now.state) || !now.status.known ||
        now.result == run::Result::launch)  // the status is that of the life before
        return 0;
    return now.status.shell_code();
}

// Starts a run as `again` does, and returns the exit status.
int start_again(const run::View& view, const run::Record& record) {
    if (record.argv.empty())
        throw Failure(Exit::usage, "failed", label(record) + ": its command is not known");
    run::Spec spec = run::read_spec(record);
    restore_variables(spec, record, view.store());
    for (const std::string& difference : ops::differences(record, spec))
        say(label(record) + ": " + difference);
    const bool waits = !spec.ready.empty();
    const run::Record started = ops::launch({std::move(spec), false, waits});
    say("started " + label(record) + " again: pid " + std::to_string(started.pid));
    print(started.id + '\n');
    run::Record now;  // as the guardian has written it, with the identity of the leader
    if (!waits || view.store().load(started.id, run::Depth::full, now) != run::Read::ok) return 0;
    return await_restarted(view, now, {});
}

// Says what a person should know who has restarted one run of a stack.
void tell_about_stack(const run::View& view, const run::Record& record) {
    if (record.from.name.empty()) return;
    for (const std::string& change : changes_since(record, view.store()))
        say(label(record) + ": its template has changed, which `sigmund up " + record.from.name +
            "` applies: " + change);
    for (const run::Record& other : ops::needing(view, record.project, record.from.name))
        say(label(other) + " depends on it, and keeps running");
}

int restart(const run::View& view, const run::Judged& run, std::optional<sys::Millis> grace) {
    const run::Record& record = run.record;
    const auto o = ops::perform(view, run, {.kind = ops::Deed::Kind::restart, .grace = grace});
    if (o.outcome == run::Outcome::done) return tell_restarted(view, record, o.pid);
    if (o.outcome != run::Outcome::not_running && o.outcome != run::Outcome::no_guardian &&
        o.outcome != run::Outcome::refused) {
        say(label(record) + ": " + o.why);
        return std::max(static_cast<int>(o.exit), status_if_ended(view.store(), record));
    }
    if (view.store().foreign())
        throw Failure(Exit::usage, "store",
                      label(record) +
                          " would have to be started as a new run, which root does not do in the "
                          "store of another user",
                      "as that user: sigmund restart " + record.id);
    // The run is over, stale, or without a guardian. Whatever is left of it is ended first, so that no
    // guardian starts it again.
    if (o.outcome != run::Outcome::refused) {
        const auto stopped = ops::stop(view, {run}, {});
        // The user is told about suspects, but they do not prevent the start.
        if (!stopped[0].suspects.empty()) {
            warn(label(record) + ": " + stopped[0].why);
        } else if (stopped[0].exit != Exit::done) {
            say(label(record) + ": " + stopped[0].why);
            return static_cast<int>(stopped[0].exit);
        }
    }
    return start_again(view, record);
}

}  // namespace

int cmd_restart(const Args& args) {
    const run::View view = run::View::open();
    const auto grace = duration_option(args, "timeout");
    int exit = 0;
    bool first = true;
    for (run::Judged& run : live_targets_of(view, args, args.words)) {
        // A restart takes time, so what was seen of the other runs before may not be true any more.
        if (!std::exchange(first, false)) view.look_again(run);
        exit = std::max(exit, restart(view, run, grace));
        tell_about_stack(view, run.record);
    }
    return exit;
}

}  // namespace sigmund::cli
