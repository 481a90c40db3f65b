// SPDX-License-Identifier: Apache-2.0
#include "cli/end_runs.hpp"

#include <algorithm>
#include <system_error>

#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/targets.hpp"
#include "ops/shell_runs.hpp"
#include "ops/up.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "run/rescue.hpp"
#include "run/waiting_list.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {
namespace {

using run::Failure;

void tell(const run::View& view, const ops::StopOutcome& o) {
    if (o.outcome == run::Outcome::not_started)
        return say(o.record.name + ": stopped before it was started: " + o.why);
    const std::string name = label(o.record);
    if (o.outcome == run::Outcome::stopped || o.outcome == run::Outcome::killed) {
        if (o.escaped > 0)
            warn(std::to_string(o.escaped) + (o.escaped == 1 ? " process of " : " processes of ") + name +
                 (o.escaped == 1 ? " had left its group and was stopped, too"
                                 : " had left its group and were stopped, too"));
        say(o.outcome.str() + ' ' + name + " in " + text::format_duration(o.took_ms, true));
    } else if (o.outcome == run::Outcome::already_ended) {
        say(name + " had already ended");
    } else if (o.outcome == run::Outcome::refused) {
        say("refused to signal " + name + ": " + o.why);
        if (o.hint.empty()) say("hint: sigmund prune " + run::handle(view, o.record));
    } else {
        std::string pids;
        for (const pid_t pid : o.survivors) pids += ' ' + std::to_string(pid);
        say(name + ": " + o.why + (pids.empty() ? "" : ":" + pids));
    }
    if (!o.suspects.empty()) warn(name + ": " + o.why);
    if (!o.hint.empty()) say("hint: " + o.hint);
}

// Returns the runs that the words name, without those that need no stop. `words` are those of `args` that mean runs.
run::Found find_targets(const run::View& view, const Args& args, const std::vector<std::string>& words) {
    if (words.empty() && !args.words.empty()) return {};
    run::Found found = resolve_targets(
        view, args, words,
        {.some_may_be_missing = args.words.size() > 1, .sets_without_ended = all_plural(words)});
    warn_corrupt(found.corrupt);
    // It is unknown whether a form for several runs includes a run whose record cannot be read, so that run
    // is reported.
    if (std::any_of(words.begin(), words.end(),
                    [](const std::string& word) { return run::parse_selector(word).plural(); }))
        for (const std::string& id : found.corrupt)
            if (auto failure = run::damaged_but_alive(view.store(), id))
                found.missing.push_back(std::move(*failure));
    // Runs that are over or stale are passed over if they were named by a form for several runs.
    if (all_plural(words))
        std::erase_if(found.runs,
                      [](const run::Judged& run) { return !run.live() && !run.verdict.unwritten(); });
    return found;
}

// Calls `close`, which keeps each `up` that is at work from starting something. When it cannot, that is told, and does not
// keep runs from being stopped: `exit` is then 1.
template <typename Close>
void hold_back(const run::View& view, int& exit, Close close) {
    try {
        if (view.store().present()) close();
        return;
    } catch (const Failure& failure) {
        warn(std::string(failure.what()) + ": it may still start runs when it continues");
    } catch (const std::system_error& error) {
        warn(std::string(error.what()) + ": a running `sigmund up` may still start runs");
    }
    exit = static_cast<int>(run::Exit::usage);
}

// Closes the gates of projects for @here and @all.
std::vector<run::ProjectGate> close_gates(const run::View& view, const Args& args, int& exit) {
    const auto names = [&](const char* form) {
        return std::find(args.words.begin(), args.words.end(), form) != args.words.end();
    };
    std::vector<run::ProjectGate> out;
    if (names("@here") || names("@all"))
        if (auto gate = close_gate(view, surroundings(args).project, exit)) out.push_back(std::move(*gate));
    if (names("@all"))
        hold_back(view, exit, [&] {
            for (run::ProjectGate& gate : run::ProjectGate::close_all_used(view.store()))
                out.push_back(std::move(gate));
        });
    return out;
}

// Returns the words by which an `up` knows what waits in it (run/waiting_list).
std::vector<std::string> words_of_waiting(const Args& args, const run::Surroundings& around) {
    std::vector<std::string> out;
    for (const std::string& word : args.words) try {
            using Kind = run::Selector::Kind;
            const run::Selector selector = run::parse_selector(word);
            if (selector.kind == Kind::id_or_name) out.push_back(selector.word);
            if (selector.kind == Kind::tag) out.push_back("tag=" + selector.word);
            if (selector.kind == Kind::shell && !around.shell.empty()) out.push_back("shell=" + around.shell);
        } catch (const Failure&) {
            // It is no target, which is told when the runs are looked for.
        }
    return out;
}

// Strikes what the words name out of each `up` in which it waits.
std::vector<ops::StopOutcome> strike_waiting(const run::View& view, const Args& args, int& exit) {
    const run::Surroundings around = surroundings(args);
    std::vector<ops::StopOutcome> out;
    hold_back(view, exit, [&] {
        for (const run::WaitingList::Struck& each :
             run::WaitingList::strike(view.store(), around.project, words_of_waiting(args, around))) {
            ops::StopOutcome outcome{};
            outcome.record.name = each.name;
            outcome.outcome = run::Outcome::not_started;
            outcome.why = "it waited in sigmund up (pid " + std::to_string(each.pid) + ')';
            out.push_back(std::move(outcome));
        }
    });
    return out;
}

// Returns the words that mean runs: not the names of what was struck out, unless a run of this project lives that has
// the name.
std::vector<std::string> words_for_runs(const run::View& view, const Args& args,
                                        const std::vector<ops::StopOutcome>& struck) {
    if (struck.empty()) return args.words;
    const run::Surroundings around = surroundings(args);
    std::vector<std::string> out;
    for (const std::string& word : args.words) {
        const bool waited = std::any_of(struck.begin(), struck.end(), [&](const ops::StopOutcome& each) {
            return each.record.name == word;
        });
        if (!waited || ops::live_run(view.store(), {word, around.in_project ? around.project : ""}))
            out.push_back(word);
    }
    return out;
}

}  // namespace

std::optional<run::ProjectGate> close_gate(const run::View& view, const std::string& project, int& exit) {
    std::optional<run::ProjectGate> out;
    hold_back(view, exit, [&] { out = run::ProjectGate::close_if_used(view.store(), project); });
    return out;
}

int tell_stopped(const Args& args, const run::View& view, const std::vector<ops::StopOutcome>& outcomes) {
    const bool json = wants_json(args);
    int exit = 0;
    for (const auto& o : outcomes) {
        exit = std::max(exit, static_cast<int>(o.exit));
        if (!o.record.id.empty()) ops::forget_notice(view.store(), o.record);
        if (json && !o.suspects.empty()) warn(label(o.record) + ": " + o.why);
        if (!json && (!args.has("quiet") || o.exit != run::Exit::done)) tell(view, o);
    }
    return exit;
}

int end_runs(const Args& args, const ops::StopRequest& request) {
    const bool json = wants_json(args);
    const run::View view = run::View::open();
    // An `up` that is still at work starts nothing of it any more. What it does not start after this, lives by now.
    int exit = 0;
    const auto gates = close_gates(view, args, exit);
    auto outcomes = strike_waiting(view, args, exit);
    const run::Found found = find_targets(view, args, words_for_runs(view, args, outcomes));
    for (ops::StopOutcome& each : ops::stop(view, found.runs, request)) outcomes.push_back(std::move(each));
    exit = std::max(exit, tell_stopped(args, view, outcomes));
    for (const Failure& failure : found.missing) {
        exit = std::max(exit, static_cast<int>(failure.exit));
        if (!json) tell_failure(failure, false);
    }
    if (json)
        print_data(stop_json(outcomes, found.missing));
    else if (outcomes.empty() && found.missing.empty() && !args.has("quiet"))
        say("nothing to stop");
    return exit;
}

}  // namespace sigmund::cli
