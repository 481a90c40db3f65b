// SPDX-License-Identifier: Apache-2.0
// `signal`, `pause`, `resume`, `restart`, `killcmd`: deeds on runs that go on.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "ops/launch.hpp"
#include "ops/members.hpp"
#include "ops/stop.hpp"
#include "text/escape.hpp"

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
         const std::string& reach = "group") {
    const run::Store store = run::Store::open();
    const run::Census census;
    int exit = 0;
    for (const run::Record& record : live_targets(store, census, args, words)) {
        const auto o = ops::perform(store, record, deed, signal, reach);
        exit = std::max(exit, static_cast<int>(o.exit));
        if (o.outcome != "done") say(label(record) + ": " + o.why);
        if (!o.suspects.empty()) warn(label(record) + ": " + o.why);
    }
    return exit;
}

// The groups to signal: that of the leader, and of a pipe or a pool those of the others that live.
std::string groups_of(const run::Record& record, const run::Census& census) {
    std::string out = " -" + std::to_string(record.pgid);
    if (record.stages.empty() && record.workers.empty()) return out;
    const auto members = census.members(record);
    for (const auto* parts : {&record.stages, &record.workers})
        for (const run::Part& part : *parts) {
            const bool lives = std::any_of(members.begin(), members.end(),
                                           [&](const run::Member& m) { return m.pid == part.pid; });
            if (lives && part.pid != record.pid) out += " -" + std::to_string(part.pid);
        }
    return out;
}

}  // namespace

int cmd_signal(const Args& args) {
    if (args.words.empty())
        throw Failure(Exit::usage, "usage", "signal needs a signal and a target", "sigmund signal HUP web");
    const auto signal = sys::parse_signal(args.words[0]);
    if (!signal)
        throw Failure(Exit::usage, "usage",
                      '"' + text::escape_for_display(args.words[0]) + "\" is not a signal",
                      "the signal comes first: sigmund signal HUP web");
    return each(args, {args.words.begin() + 1, args.words.end()}, ops::Deed::signal, *signal,
                args.has("every")    ? "every"
                : args.has("leader") ? "leader"
                                     : "group");
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
        const auto o = ops::perform(store, record, ops::Deed::restart, 0, "group", grace);
        if (o.outcome == "done") {
            say("restarted " + label(record) + ": pid " + std::to_string(o.pid));
            continue;
        }
        if (o.outcome != "not-running" && o.outcome != "no-guardian" && o.outcome != "refused") {
            say(label(record) + ": " + o.why);
            exit = std::max(exit, static_cast<int>(o.exit));
            continue;
        }
        if (store.foreign())
            throw Failure(Exit::usage, "store",
                          label(record) +
                              " would have to be started as a new run, which root does not do in the "
                              "store of another user",
                          "as that user: sigmund restart " + record.id);
        // It is over, stale, or without a guardian: its leftovers are ended, then a new run is started.
        if (o.outcome != "refused") {
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
        const run::Record anew = ops::launch({run::read_spec(record), false, false});
        say("started " + label(record) + " anew: pid " + std::to_string(anew.pid));
        print(anew.id + '\n');
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
        // Processes that have become another user's need root; where the leader has ended, its number is no
        // longer a group's that could be named safely.
        const auto members = verdict.live() ? census.members(record) : std::vector<run::Member>{};
        const std::vector<pid_t> foreign = ops::not_permitted(members);
        std::string own;
        for (const run::Member& member : members)
            if (std::find(foreign.begin(), foreign.end(), member.pid) == foreign.end())
                own += ' ' + std::to_string(member.pid);
        const bool group = verdict.live() && census.leader(record) == run::LeaderFact::alive;
        if (!group && members.empty()) {
            say(label(record) + ": its leader has ended: there is no group to signal");
            exit = std::max(exit, static_cast<int>(Exit::usage));
            continue;
        }
        if (group && !own.empty())
            print("kill -TERM --" + groups_of(record, census) + '\n');
        else if (!own.empty())
            print("kill -TERM" + own + '\n');
        if (!foreign.empty()) print(ops::sudo_kill(foreign) + '\n');
    }
    return exit;
}

}  // namespace sigmund::cli
