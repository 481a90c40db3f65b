// SPDX-License-Identifier: Apache-2.0
#include "cli/targets.hpp"

#include <unistd.h>

#include <algorithm>
#include <climits>

#include "cli/output.hpp"
#include "cli/stack_hint.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "run/project.hpp"
#include "run/shell_session.hpp"
#include "sys/terminal.hpp"
#include "text/quote.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

void warn_corrupt(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) warn("skipping corrupt record " + run::record_file(id));
}

namespace {

bool has_runs_of(const std::string& project) {
    const auto runs = run::Store::open().list(run::Depth::head);
    return std::any_of(runs.begin(), runs.end(), [&](const run::Record& r) { return r.project == project; });
}

// Returns the project that --project means: the folder itself if it is gone, or if runs belong to it although it is not
// a project any more; else the project that it is in.
run::Project chosen_project(const std::string& text) {
    const std::string folder = run::folder_named(text);
    run::Project found = run::find_project(folder);
    if (found.folder != folder && (run::is_gone(folder) || has_runs_of(folder))) found = {folder, true, ""};
    if (run::is_gone(folder)) found.found = true;
    return found;
}

// Returns the number of the first word that is a target.
std::size_t first_target(const Verb& verb) {
    const auto found = std::find_if(verb.places.begin(), verb.places.end(), [](const run::Choices& place) {
        return place.kind == run::Kind::live_target || place.kind == run::Kind::any_target ||
               place.kind == run::Kind::port_target || place.kind == run::Kind::terminal_target ||
               place.kind == run::Kind::input_target;
    });
    return found == verb.places.end() ? 0 : static_cast<std::size_t>(found - verb.places.begin());
}

// Adds what the verb says about runs of other projects: whether it shows them, and how its command is written for one.
run::Search with_verb(run::Search search, const Args& args) {
    const Verb& verb = *args.verb;
    const std::size_t at = first_target(verb);
    const auto words = [&](std::size_t from, std::size_t to) {
        std::vector<std::string> out(args.words.begin() + static_cast<std::ptrdiff_t>(from),
                                     args.words.begin() + static_cast<std::ptrdiff_t>(to));
        return text::quote(out);
    };
    search.other_projects = verb.other_projects;
    // Only where a person sees the note about what was meant.
    search.programs = (verb.other_projects || verb.name == "stop") && sys::is_terminal(STDOUT_FILENO) &&
                      sys::is_terminal(STDERR_FILENO) && !args.has("json") && !args.has("jsonl") &&
                      !args.has("porcelain");
    search.command = "sigmund " + std::string(verb.name) + ' ';
    if (at > 0) search.command += words(0, at) + ' ';
    if (verb.places.size() > at + 1 && args.words.size() > at + 1)
        search.command_end = ' ' + words(at + 1, args.words.size());
    if (!args.command.empty()) search.command_end = " -- " + text::quote(args.command);
    return search;
}

}  // namespace

run::Surroundings surroundings() {
    return run::surroundings_here();
}

run::Surroundings surroundings_in(const std::string& folder) {
    const run::Project project = chosen_project(folder);
    return {project.folder, run::current_shell(), project.found};
}

run::Surroundings surroundings(const Args& args) {
    const auto chosen = args.value("project");
    return chosen ? surroundings_in(*chosen) : surroundings();
}

run::Found resolve_targets(const run::View& view, const Args& args, const std::vector<std::string>& words,
                           run::Search search) {
    if (words.empty()) no_target(args, view);
    search = with_verb(std::move(search), args);
    try {
        run::Found found = run::resolve(view, words, surroundings(args), search);
        for (const std::string& note : found.notes) say(note);
        for (Failure& failure : found.missing) add_stack_hint(failure, view, args, search);
        return found;
    } catch (Failure& failure) {
        add_stack_hint(failure, view, args, search);
        throw;
    }
}

std::string handle(const run::View& view, const Args& args, const run::Record& record) {
    return run::handle(view, record, surroundings(args));
}

void no_target(const Args& args, const run::View& view) {
    std::string meant;
    int live = 0;
    for (run::Record& record : view.store().list(run::Depth::head)) {
        const run::Judged run = view.judge(std::move(record));
        if (!run.live()) continue;
        if (++live <= 5) meant += (meant.empty() ? "" : ", ") + handle(view, args, run.record);
    }
    throw Failure(Exit::not_found, "invalid_target", std::string(args.verb->name) + " needs a target",
                  live == 0
                      ? "no run is live; for a finished one give its id, its name or @ (the newest)"
                      : "live runs: " + meant + (live > 5 ? ", ..." : "") + "; or use @ (the newest), @all");
}

std::vector<run::Judged> targets_of(const run::View& view, const Args& args,
                                    const std::vector<std::string>& words) {
    run::Found found = resolve_targets(view, args, words);
    warn_corrupt(found.corrupt);
    return std::move(found.runs);
}

run::Found found_targets(const run::View& view, const Args& args, const std::vector<std::string>& words) {
    run::Found found = resolve_targets(view, args, words, {.ended_as_ids = true});
    warn_corrupt(found.corrupt);
    return found;
}

std::vector<run::Judged> some_targets_of(const run::View& view, const Args& args,
                                         const std::vector<std::string>& words) {
    auto runs = targets_of(view, args, words);
    if (runs.empty())
        throw Failure(Exit::not_found, "not_found", words[0] + " does not match any run", "sigmund list",
                      words[0]);
    return runs;
}

std::vector<run::Judged> live_targets_of(const run::View& view, const Args& args,
                                         const std::vector<std::string>& words) {
    const bool sets = all_plural(words);
    run::Found found = resolve_targets(view, args, words, {.sets_without_ended = sets});
    warn_corrupt(found.corrupt);
    if (sets) std::erase_if(found.runs, [](const run::Judged& run) { return !run.live(); });
    return std::move(found.runs);
}

run::Found found_targets(const run::View& view, const Args& args) {
    run::Found found = resolve_targets(
        view, args, args.words,
        {.some_may_be_missing = args.words.size() > 1, .sets_without_ended = all_plural(args.words)});
    warn_corrupt(found.corrupt);
    return found;
}

bool all_plural(const std::vector<std::string>& words) {
    return std::all_of(words.begin(), words.end(),
                       [](const std::string& word) { return run::parse_selector(word).plural(); });
}

}  // namespace sigmund::cli
