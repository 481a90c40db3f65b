// SPDX-License-Identifier: Apache-2.0
// `down`: stops the runs of this project that came from templates, those that depend on others first.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "cli/end_runs.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/stack.hpp"
#include "cli/targets.hpp"
#include "ops/down.hpp"
#include "ops/prune.hpp"
#include "ops/shell_runs.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "run/rescue.hpp"
#include "text/words.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

stack::Graph graph_in(const std::string& project) {
    return graph_of(config::load(run::configurable_options(), project));
}

// Returns the names of templates that the words name. A configuration that is missing or broken does not matter: then
// each word is the name of a template.
std::vector<std::string> template_names(const std::vector<std::string>& words, const std::string& project) {
    std::vector<std::string> out;
    try {
        const stack::Graph graph = graph_in(project);
        for (const std::string& word : words) try {
                for (const std::size_t node : graph.named({word})) out.push_back(graph.nodes()[node].name);
            } catch (const Failure&) {
                out.push_back(word);
            }
    } catch (const Failure&) {
        return words;
    }
    return out;
}

// Says that nothing was stopped for this word. A run that was started without its template, or by a version that did not
// record it, has the name and goes on.
void tell_not_stopped(const Args& args, const run::View& view, const std::string& word) {
    if (args.has("quiet")) return;
    try {
        for (const run::Judged& run : run::resolve(view, {word}, surroundings(args)).runs)
            if (run.live() && run.record.name == word)
                return say(label(run.record) + " runs, but did not come from a template: sigmund stop " +
                           run::handle(view, run.record));
    } catch (const Failure&) {
        // No run has that name here.
    }
    say(word + " does not run");
}

// Throws the failure for a word that names neither a live run nor a template.
void check_words(const Args& args, const run::View& view, const std::vector<run::Judged>& runs,
                 const std::string& project) {
    for (const std::string& word : args.words) {
        const bool lives = std::any_of(runs.begin(), runs.end(), [&](const run::Judged& run) {
            return run.record.name == word || run.record.from.name == word;
        });
        if (lives) continue;
        try {
            const stack::Graph graph = graph_in(project);
            const auto nodes = graph.named({word});
            const bool some_live = std::any_of(nodes.begin(), nodes.end(), [&](std::size_t node) {
                return std::any_of(runs.begin(), runs.end(), [&](const run::Judged& run) {
                    return run.record.from.name == graph.nodes()[node].name;
                });
            });
            if (!some_live) tell_not_stopped(args, view, word);
        } catch (const Failure& failure) {
            // Where the configuration is broken, it is not known what a group is.
            if (failure.exit == Exit::not_found) throw;
            throw Failure(Exit::not_found, "not_found",
                          "no run of this project came from a template " + word + "; " + failure.what(),
                          "sigmund down without names needs no configuration", word);
        }
    }
}

// Names the runs that go on although they depend on one that was stopped.
void tell_bereft(const run::View& view, const std::string& project, const std::vector<run::Judged>& stopped) {
    for (const run::Judged& gone : stopped)
        for (const run::Record& record : ops::needing(view, project, gone.record.from.name))
            say(label(record) + " depends on " + gone.record.from.name + ", and keeps running");
}

void remove_records(const run::View& view, const std::string& project,
                    const std::vector<std::string>& names) {
    ops::PruneRequest request;
    for (const run::Record& head : view.store().list(run::Depth::head)) {
        if (head.project != project) continue;
        auto run = view.find(head.id);
        if (!run || run->live() || run->record.from.name.empty()) continue;
        const run::FromTemplate& from = run->record.from;
        if (names.empty() || std::find(names.begin(), names.end(), from.name) != names.end())
            request.targets.push_back(std::move(*run));
    }
    if (request.targets.empty()) return;
    const auto outcome = ops::prune(view, request);
    say("removed " + std::to_string(outcome.removed.size()) +
        (outcome.removed.size() == 1 ? " run" : " runs"));
}

}  // namespace

int cmd_down(const Args& args) {
    const bool json = wants_json(args);
    const run::View view = run::View::open();
    const std::string project = surroundings(args).project;
    const std::vector<std::string> names = template_names(args.words, project);
    // What an `up` has not started by now it will not start.
    int exit = 0;
    const auto gate = close_gate(view, project, exit);
    std::vector<std::string> unread;
    const auto runs = ops::template_runs(view, project, names, &unread);
    check_words(args, view, runs, project);
    ops::StopRequest request;
    request.grace = duration_option(args, "timeout");
    const auto outcomes = ops::stop_in_order(view, runs, ops::dependents_of(runs), request);
    exit = std::max(exit, tell_stopped(args, view, outcomes));
    std::vector<Failure> missing;
    for (const std::string& id : unread)
        if (auto failure = run::damaged_but_alive(view.store(), id)) missing.push_back(std::move(*failure));
    for (const Failure& failure : missing) {
        exit = std::max(exit, static_cast<int>(failure.exit));
        if (!json) tell_failure(failure, false);
    }
    if (json)
        print_data(stop_json(outcomes, missing));
    else if (missing.empty() && args.words.empty() && outcomes.empty() && !args.has("quiet"))
        say("no run of this project that came from a template is live");
    view.census().refresh();
    if (!names.empty() && !json) tell_bereft(view, project, runs);
    if (args.has("prune")) remove_records(view, project, names);
    return exit;
}

}  // namespace sigmund::cli
