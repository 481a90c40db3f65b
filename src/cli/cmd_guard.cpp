// SPDX-License-Identifier: Apache-2.0
// `guard`: a foreground command that needs runs. When one of them ends, the command is interrupted.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "ops/follow.hpp"
#include "ops/foreground.hpp"

namespace sigmund::cli {

int cmd_guard(const Args& args) {
    const std::vector<std::string>&targets = args.words, &command = args.command;
    const run::Store store = run::Store::open();
    const run::Census census;
    if (targets.empty()) no_target(args, store, census);
    if (command.empty())
        throw run::Failure(run::Exit::usage, "usage", "guard needs a command behind --",
                           "sigmund guard db web -- npm test");
    const std::vector<run::Record> records = some_targets_of(store, census, args, targets);
    const ops::GuardOutcome outcome =
        ops::run_guarded(store, records, command, [&](std::size_t ended, bool started) {
            say(label(records[ended]) +
                (started ? " has ended; interrupting " + command[0] : " does not run"));
        });
    if (!outcome.ended) {
        if (outcome.passed_on != 0) {
            std::string names;
            for (const run::Record& record : records) names += (names.empty() ? "" : ", ") + label(record);
            say(command[0] + " got " + sys::signal_name(outcome.passed_on) + " and has ended; " + names +
                (records.size() == 1 ? " goes on" : " go on"));
        }
        return outcome.status.shell_code();
    }
    run::Record now = records[*outcome.ended];
    store.load(now.id, run::Depth::full, now);
    say("its last lines:");
    ops::FollowRequest last;
    last.follow = false;
    last.start.lines = 20;
    last.to_stderr = true;
    end_open_lines(ops::follow(store, {now}, last));
    // What its leader has left behind may still run: then the record has no result yet.
    const run::Result result = now.result.empty() ? run::Result::of(outcome.run_status) : now.result;
    say(label(now) + " ended: " + result.str());
    return static_cast<int>(run::Exit::guard_ended);
}

}  // namespace sigmund::cli
