// SPDX-License-Identifier: Apache-2.0
#include "cli/end_runs.hpp"

#include <algorithm>
#include <system_error>

#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/targets.hpp"
#include "ops/shell_runs.hpp"
#include "run/label.hpp"
#include "run/rescue.hpp"
#include "text/duration.hpp"

namespace sigmund::cli {
namespace {

using run::Failure;

void tell(const ops::StopOutcome& o) {
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
        if (o.hint.empty()) say("hint: sigmund prune " + o.record.id);
    } else {
        std::string pids;
        for (const pid_t pid : o.survivors) pids += ' ' + std::to_string(pid);
        say(name + ": " + o.why + (pids.empty() ? "" : ":" + pids));
    }
    if (!o.suspects.empty()) warn(name + ": " + o.why);
    if (!o.hint.empty()) say("hint: " + o.hint);
}

// Returns the runs that the words name, without those that need no stop.
run::Found find_targets(const run::View& view, const Args& args) {
    run::Found found = found_targets(view, args);
    // It is unknown whether a form for several runs includes a run whose record cannot be read, so that run
    // is reported.
    if (std::any_of(args.words.begin(), args.words.end(),
                    [](const std::string& word) { return run::parse_selector(word).plural(); }))
        for (const std::string& id : found.corrupt)
            if (auto failure = run::damaged_but_alive(view.store(), id))
                found.missing.push_back(std::move(*failure));
    // Runs that are over or stale are passed over if they were named by a form for several runs.
    if (all_plural(args.words))
        std::erase_if(found.runs,
                      [](const run::Judged& run) { return !run.live() && !run.verdict.unwritten(); });
    return found;
}

}  // namespace

std::optional<run::ProjectGate> close_gate(const run::View& view, const std::string& project, int& exit) {
    try {
        if (view.store().present()) return run::ProjectGate::close_if_used(view.store(), project);
    } catch (const Failure& failure) {
        warn(std::string(failure.what()) + ": it may still start runs when it goes on");
        exit = static_cast<int>(run::Exit::usage);
    } catch (const std::system_error& error) {
        warn(std::string(error.what()) + ": an up that is at work may still start runs");
        exit = static_cast<int>(run::Exit::usage);
    }
    return std::nullopt;
}

int tell_stopped(const Args& args, const run::View& view, const std::vector<ops::StopOutcome>& outcomes) {
    const bool json = wants_json(args);
    int exit = 0;
    for (const auto& o : outcomes) {
        exit = std::max(exit, static_cast<int>(o.exit));
        ops::forget_notice(view.store(), o.record);
        if (json && !o.suspects.empty()) warn(label(o.record) + ": " + o.why);
        if (!json && (!args.has("quiet") || o.exit != run::Exit::done)) tell(o);
    }
    return exit;
}

int end_runs(const Args& args, const ops::StopRequest& request) {
    const bool json = wants_json(args);
    const run::View view = run::View::open();
    // An `up` of this project that is still at work starts nothing more.
    int exit = 0;
    std::optional<run::ProjectGate> gate;
    if (std::any_of(args.words.begin(), args.words.end(),
                    [](const std::string& word) { return word == "@here" || word == "@all"; }))
        gate = close_gate(view, surroundings(args).project, exit);
    const run::Found found = find_targets(view, args);
    const auto outcomes = ops::stop(view, found.runs, request);
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
