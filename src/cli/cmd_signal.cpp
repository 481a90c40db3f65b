// SPDX-License-Identifier: Apache-2.0
// `signal`, `pause`, `resume`, `restart`, `killcmd`: deeds on runs that go on.
#include <algorithm>

#include "cli/await_ready.hpp"
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "ops/again.hpp"
#include "ops/groups.hpp"
#include "ops/launch.hpp"
#include "ops/members.hpp"
#include "ops/stop.hpp"
#include "run/known_words.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

// The runs a deed is for. Of a form that stands for several, those that live: the others need nothing.
std::vector<run::Record> live_targets(const run::Store& store, const run::Census& census, const Args& args,
                                      const std::vector<std::string>& words) {
    auto records = targets_of(store, census, args, words);
    const bool plural = std::all_of(words.begin(), words.end(), [](const std::string& word) {
        return run::parse_selector(word).plural();
    });
    if (plural)
        std::erase_if(records, [&](const run::Record& record) {
            return !run::verdict_of(record, store, census).live();
        });
    return records;
}

int each(const Args& args, const std::vector<std::string>& words, ops::Deed deed, int signal = 0,
         run::Reach reach = run::Reach::group) {
    const run::Store store = run::Store::open();
    const run::Census census;
    int exit = 0;
    for (const run::Record& record : live_targets(store, census, args, words)) {
        const auto o = ops::perform(store, record, deed, signal, reach);
        exit = std::max(exit, static_cast<int>(o.exit));
        if (o.outcome != run::Outcome::done) say(label(record) + ": " + o.why);
        if (!o.suspects.empty()) warn(label(record) + ": " + o.why);
    }
    return exit;
}

// Whoever is ended while they wait is told, as at a start, that the run is not.
int await_restarted(const run::Store& store, const run::Record& record, std::optional<sys::Millis> limit) {
    detach_on_signal(label(record) + " goes on", "sigmund stop " + record.id);
    return await_ready(store, record, false, limit);
}

// A run that says when it is ready has been restarted once it is. A restart policy may go on trying for
// longer than anybody waits here.
int tell_restarted(const run::Store& store, const run::Record& record, pid_t pid) {
    constexpr sys::Millis guardian_first = 3'000;  // ms: it ends what is not ready in time, and says why
    run::Record now;
    if (store.load(record.id, run::Depth::full, now) == run::Read::ok && now.ready) {
        const int exit = await_restarted(store, now, run::read_spec(now).ready_timeout + guardian_first);
        if (exit != 0) return exit;
        if (store.load(record.id, run::Depth::full, now) == run::Read::ok) pid = now.pid;
    }
    say("restarted " + label(record) + ": pid " + std::to_string(pid));
    return 0;
}

// Of a run that ended instead of being ready again: its own status, as at its start.
int status_if_ended(const run::Store& store, const run::Record& record) {
    run::Record now;
    if (store.load(record.id, run::Depth::full, now) != run::Read::ok || !now.ready ||
        !run::is_final(now.state) || !now.status.known ||
        now.result == run::Result::launch)  // the status is of the life before
        return 0;
    return now.status.shell_code();
}

}  // namespace

int cmd_signal(const Args& args) {
    if (args.words.empty())
        throw Failure(Exit::usage, "usage", "signal needs a signal and a target", "sigmund signal HUP web");
    // The hint about the order of the words is true only where the other one is a signal.
    if (args.words.size() == 2 && !sys::parse_signal(args.words[0]) && sys::parse_signal(args.words[1]))
        throw Failure(Exit::usage, "usage", '"' + args.words[0] + "\" is not a signal",
                      "the signal comes first: sigmund signal " + args.words[1] + ' ' + args.words[0]);
    const int signal = run::signal_word("", args.words[0]);
    return each(args, {args.words.begin() + 1, args.words.end()}, ops::Deed::signal, signal,
                args.has("every")    ? run::Reach::every
                : args.has("leader") ? run::Reach::leader
                                     : run::Reach::group);
}

int cmd_pause(const Args& args) {
    return each(args, args.words, ops::Deed::pause);
}
int cmd_resume(const Args& args) {
    return each(args, args.words, ops::Deed::resume);
}

int cmd_restart(const Args& args) {
    const run::Store store = run::Store::open();
    const run::Census census;
    const auto grace = duration_option(args, "timeout");
    int exit = 0;
    for (const run::Record& record : live_targets(store, census, args, args.words)) {
        const auto o = ops::perform(store, record, ops::Deed::restart, 0, run::Reach::group, grace);
        if (o.outcome == run::Outcome::done) {
            exit = std::max(exit, tell_restarted(store, record, o.pid));
            continue;
        }
        if (o.outcome != run::Outcome::not_running && o.outcome != run::Outcome::no_guardian &&
            o.outcome != run::Outcome::refused) {
            say(label(record) + ": " + o.why);
            exit = std::max({exit, static_cast<int>(o.exit), status_if_ended(store, record)});
            continue;
        }
        if (store.foreign())
            throw Failure(Exit::usage, "store",
                          label(record) +
                              " would have to be started as a new run, which root does not do in the "
                              "store of another user",
                          "as that user: sigmund restart " + record.id);
        // It is over, stale, or without a guardian: what is left of it is ended, so that no guardian starts
        // it again, and then it is started as `again` does.
        if (o.outcome != run::Outcome::refused) {
            const auto stopped = ops::stop(store, {record}, {});
            // Suspects are told of, and are no reason not to start.
            if (!stopped[0].suspects.empty()) {
                warn(label(record) + ": " + stopped[0].why);
            } else if (stopped[0].exit != Exit::done) {
                say(label(record) + ": " + stopped[0].why);
                exit = std::max(exit, static_cast<int>(stopped[0].exit));
                continue;
            }
        }
        if (record.argv.empty())
            throw Failure(Exit::usage, "failed", label(record) + ": its command is not known");
        run::Spec spec = run::read_spec(record);
        for (const std::string& difference : ops::differences(record, spec))
            say(label(record) + ": " + difference);
        const bool waits = !spec.ready.empty();
        const run::Record started = ops::launch({std::move(spec), false, waits});
        say("started " + label(record) + " again: pid " + std::to_string(started.pid));
        print(started.id + '\n');
        run::Record now = started;  // with the leader's identity, which its guardian has written
        if (waits && store.load(started.id, run::Depth::full, now) == run::Read::ok)
            exit = std::max(exit, await_restarted(store, now, {}));
    }
    return exit;
}

int cmd_killcmd(const Args& args) {
    const run::Store store = run::Store::open();
    const run::Census census;
    int exit = 0;
    for (const run::Record& record : targets_of(store, census, args, args.words)) {
        const run::Verdict verdict = run::verdict_of(record, store, census);
        if (verdict.state == run::State::stale) {
            say("refused: " + label(record) + ": " + verdict.why);
            exit = std::max(exit, static_cast<int>(Exit::refused));
            continue;
        }
        if (!verdict.live()) {
            say(label(record) + ": it has ended: there is no group to signal");
            exit = std::max(exit, static_cast<int>(Exit::usage));
            continue;
        }
        // Processes that have become another user's need root.
        const auto members = census.members(record);
        const std::vector<pid_t> foreign = ops::not_permitted(members);
        const auto groups = ops::proven_groups(record, census);
        if (groups.empty() && foreign.empty()) {
            say("refused: " + label(record) + ": no living process of it is left in group " +
                std::to_string(record.pgid));
            say("hint: `sigmund tree " + record.id + "` shows its processes, and `sigmund stop " + record.id +
                "` ends them");
            exit = std::max(exit, static_cast<int>(Exit::refused));
            continue;
        }
        if (!groups.empty() && foreign.size() < members.size()) {
            std::string command = "kill -TERM --";
            for (const pid_t group : groups) command += " -" + std::to_string(group);
            print(command + '\n');
        }
        if (!foreign.empty()) print(ops::sudo_kill(foreign) + '\n');
    }
    return exit;
}

}  // namespace sigmund::cli
