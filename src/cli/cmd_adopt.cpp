// SPDX-License-Identifier: Apache-2.0
// `adopt`: makes runs belong to the shell that it is called from.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/targets.hpp"
#include "ops/adopt.hpp"
#include "run/label.hpp"
#include "run/shell_session.hpp"
#include "sys/procfs.hpp"
#include "text/words.hpp"

namespace sigmund::cli {
namespace {

using run::Exit;
using run::Failure;

std::string this_shell() {
    std::string shell = run::current_shell();
    if (shell.empty())
        throw Failure(Exit::usage, "failed",
                      "this shell has not loaded sigmund's hook, and so no run can belong to it",
                      "load it, and adopt again: eval \"$(sigmund shell-init)\", in fish: sigmund shell-init "
                      "fish | source");
    return shell;
}

// Returns the run that a process belongs to, if it is a live one.
std::optional<run::Record> run_of(const run::View& view, pid_t pid) {
    for (run::Record& record : view.store().list(run::Depth::head)) {
        if (run::is_final(record.state)) continue;
        const run::Judged run = view.judge(std::move(record));
        if (!run.live()) continue;
        const auto members = view.census().members(run.record);
        if (std::any_of(members.begin(), members.end(), [&](const auto& each) { return each.pid == pid; }))
            return run.record;
    }
    return std::nullopt;
}

// A word that names no run may be the number of a process. Then the failure says so.
Failure explained(const run::View& view, const Args& args, const Failure& failure) {
    const auto pid = text::whole_number<pid_t>(failure.target);
    if (!pid || *pid <= 0 || !view.census().proc().stat(*pid)) return failure;
    const auto owner = run_of(view, *pid);
    return {
        failure.exit, failure.code,
        "no run " + failure.target + "; a process has this number, and adopt only takes runs",
        owner ? "the process belongs to a run: sigmund adopt " + handle(view, args, *owner) : failure.hint,
        failure.target};
}

run::Found find_targets(const run::View& view, const Args& args) {
    try {
        run::Found found = found_targets(view, args);
        for (Failure& failure : found.missing) failure = explained(view, args, failure);
        if (all_plural(args.words))
            std::erase_if(found.runs, [](const run::Judged& run) { return !run.live(); });
        return found;
    } catch (const Failure& failure) {
        throw explained(view, args, failure);
    }
}

void tell(const ops::Adoption& adoption) {
    const std::string name = label(adoption.record);
    if (adoption.outcome == run::Outcome::done) {
        say(adoption.already ? name + " already belongs to this shell" : "adopted " + name);
        if (!adoption.why.empty()) warn(name + ": " + adoption.why);
    } else {
        say(name + ": " + adoption.why);
    }
    if (!adoption.hint.empty()) say("hint: " + adoption.hint);
}

}  // namespace

int cmd_adopt(const Args& args) {
    const bool json = wants_json(args);
    const run::View view = run::View::open();
    if (args.words.empty()) no_target(args, view);
    const std::string shell = this_shell();
    run::Found found = find_targets(view, args);
    std::vector<ops::Adoption> adoptions;
    int exit = 0;
    for (run::Judged& run : found.runs) {
        ops::Adoption& adoption =
            adoptions.emplace_back(ops::adopt(view, std::move(run), shell, args.has("force")));
        if (adoption.owned)
            adoption.hint = "sigmund adopt --force " + handle(view, args, adoption.record) + " takes it over";
        exit = std::max(exit, static_cast<int>(adoption.exit));
        const bool worth = !args.has("quiet") || adoption.exit != Exit::done || !adoption.why.empty();
        if (!json && worth) tell(adoption);
    }
    for (const Failure& failure : found.missing) {
        exit = std::max(exit, static_cast<int>(failure.exit));
        if (!json) tell_failure(failure, false);
    }
    if (json)
        print_data(adopt_json(adoptions, found.missing));
    else if (adoptions.empty() && found.missing.empty() && !args.has("quiet"))
        say("nothing to adopt");
    return exit;
}

}  // namespace sigmund::cli
