// SPDX-License-Identifier: Apache-2.0
// `stop`, `kill`: all targets at once, with proof.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "ops/shell_runs.hpp"
#include "ops/stop.hpp"
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
                 " had left its group; stopped too");
        say(o.outcome.str() + ' ' + name + " in " + text::format_duration(o.took_ms, true));
    } else if (o.outcome == run::Outcome::already_ended) {
        say(name + " had ended already");
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

// What the words name. A word that names nothing must not keep the others alive: it is told of at the end.
std::vector<run::Record> found_targets(const run::Store& store, const run::Census& census, const Args& args,
                                       std::vector<Failure>& missing, std::vector<std::string>& corrupt) {
    if (args.words.size() < 2) return targets_of(store, census, args, args.words, &corrupt);
    std::vector<std::string> found;
    for (const std::string& word : args.words) {
        try {
            run::resolve(store, census, {word}, surroundings());
            found.push_back(word);
        } catch (const Failure& failure) {
            if (failure.exit != run::Exit::not_found) throw;
            missing.push_back(failure);
        }
    }
    if (found.empty()) return {};
    return targets_of(store, census, args, found, &corrupt);
}

int end(const Args& args, const ops::StopRequest& request, const char* kind) {
    const bool json = wants_json(args);
    const run::Store store = run::Store::open();
    const run::Census census;
    std::vector<Failure> missing;
    std::vector<std::string> corrupt;
    const auto records = found_targets(store, census, args, missing, corrupt);
    // Whether the words stand for a run whose record cannot be read cannot be told: it is not passed over.
    if (std::any_of(args.words.begin(), args.words.end(),
                    [](const std::string& word) { return run::parse_selector(word).plural(); }))
        for (const std::string& file : corrupt)
            if (auto failure = run::damaged_but_alive(store, file.substr(0, file.find('.'))))
                missing.push_back(std::move(*failure));
    // Of a form that stands for several, those that are over or stale need nothing.
    std::vector<run::Record> chosen;
    const bool plural = std::all_of(args.words.begin(), args.words.end(), [](const std::string& word) {
        return run::parse_selector(word).plural();
    });
    for (const run::Record& record : records) {
        const run::Verdict verdict = plural ? run::verdict_of(record, store, census) : run::Verdict{};
        if (!plural || verdict.live() || verdict.result == run::Result::pending) chosen.push_back(record);
    }
    const auto outcomes = ops::stop(store, chosen, request);
    int exit = 0;
    for (const auto& o : outcomes) {
        exit = std::max(exit, static_cast<int>(o.exit));
        ops::forget_notice(store, o.record);
        if (json && !o.suspects.empty()) warn(label(o.record) + ": " + o.why);
        if (!json && (!args.has("quiet") || o.exit != run::Exit::done)) tell(o);
    }
    for (const Failure& failure : missing) {
        exit = std::max(exit, static_cast<int>(failure.exit));
        if (!json) tell_failure(failure, false);
    }
    if (json)
        print_data(stop_json(outcomes, missing, kind));
    else if (outcomes.empty() && missing.empty() && !args.has("quiet"))
        say("nothing to stop");
    return exit;
}

}  // namespace

int cmd_stop(const Args& args) {
    ops::StopRequest request;
    request.grace = duration_option(args, "timeout");
    return end(args, request, "run.stop");
}

int cmd_kill(const Args& args) {
    ops::StopRequest request;
    request.now = true;
    return end(args, request, "run.stop");
}

}  // namespace sigmund::cli
