// SPDX-License-Identifier: Apache-2.0
#include "cli/targets.hpp"

#include <unistd.h>

#include <algorithm>
#include <climits>

#include "cli/output.hpp"
#include "run/label.hpp"
#include "run/shell_session.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

void warn_corrupt(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) warn("skipping corrupt record " + run::record_file(id));
}

run::Surroundings surroundings(const std::vector<std::string>& words) {
    const auto asked = [&](const char* form) {
        return std::find(words.begin(), words.end(), form) != words.end();
    };
    run::Surroundings around;
    char here[PATH_MAX];
    if (asked("@here") && ::getcwd(here, sizeof here)) around.project = run::find_project(here);
    if (asked("@shell")) around.shell = run::current_shell();
    return around;
}

void no_target(const Args& args, const run::View& view) {
    std::string meant;
    int live = 0;
    for (run::Record& record : view.store().list(run::Depth::head)) {
        const run::Judged run = view.judge(std::move(record));
        if (!run.live()) continue;
        if (++live <= 5) meant += (meant.empty() ? "" : ", ") + short_label(run.record);
    }
    throw Failure(Exit::not_found, "invalid_target", std::string(args.verb->name) + " needs a target",
                  live == 0
                      ? "no run is live; for a finished one give its id, its name or @ (the newest)"
                      : "live runs: " + meant + (live > 5 ? ", ..." : "") + "; or use @ (the newest), @all");
}

std::vector<run::Judged> targets_of(const run::View& view, const Args& args,
                                    const std::vector<std::string>& words) {
    if (words.empty()) no_target(args, view);
    run::Found found = run::resolve(view, words, surroundings(words));
    warn_corrupt(found.corrupt);
    return std::move(found.runs);
}

run::Found found_targets(const run::View& view, const Args& args, const std::vector<std::string>& words) {
    if (words.empty()) no_target(args, view);
    run::Found found = run::resolve(view, words, surroundings(words), {.ended_as_ids = true});
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
    if (words.empty()) no_target(args, view);
    const bool sets = all_plural(words);
    run::Found found = run::resolve(view, words, surroundings(words), {.sets_without_ended = sets});
    warn_corrupt(found.corrupt);
    if (sets) std::erase_if(found.runs, [](const run::Judged& run) { return !run.live(); });
    return std::move(found.runs);
}

run::Found found_targets(const run::View& view, const Args& args) {
    if (args.words.empty()) no_target(args, view);
    run::Found found = run::resolve(
        view, args.words, surroundings(args.words),
        {.some_may_be_missing = args.words.size() > 1, .sets_without_ended = all_plural(args.words)});
    warn_corrupt(found.corrupt);
    return found;
}

bool all_plural(const std::vector<std::string>& words) {
    return std::all_of(words.begin(), words.end(),
                       [](const std::string& word) { return run::parse_selector(word).plural(); });
}

}  // namespace sigmund::cli
