// SPDX-License-Identifier: Apache-2.0
#include "cli/stack_hint.hpp"

#include <algorithm>

#include "cli/targets.hpp"
#include "config/config.hpp"
#include "ops/down.hpp"
#include "run/project.hpp"
#include "text/quote.hpp"
#include "text/suggest.hpp"
#include "text/words.hpp"

namespace sigmund::cli {
namespace {

using config::Template;

bool is_member(const Template& each, const std::string& group) {
    return std::any_of(each.groups.begin(), each.groups.end(),
                       [&](const config::Word& word) { return word.text == group; });
}

// Returns the command of `up` for a project, which needs to be the current one.
std::string up_command(const Args& args, const std::string& word) {
    const auto chosen = args.value("project");
    return chosen ? "cd " + text::quote(*chosen) + " && sigmund up " + word : "sigmund up " + word;
}

std::string hint_of_group(const std::string& group, const std::vector<std::string>& members,
                          const run::View& view, const Args& args, const run::Search& search) {
    const std::string is = group + " is a group of templates (" + text::join(members, ", ") + ")";
    std::vector<std::string> live;
    for (const run::Judged& run : ops::template_runs(view, surroundings(args).project, members))
        live.push_back(handle(view, args, run.record));
    if (live.empty())
        return is + ", none of which has a live run: " + up_command(args, group) + " starts them";
    const auto chosen = args.value("project");
    const std::string there = chosen ? "--project " + text::quote(*chosen) + ' ' : "";
    if (args.verb->name == "stop") return is + ": sigmund down " + there + group;
    return is + ": " + search.command + there + text::join(live, " ") + search.command_end;
}

}  // namespace

void add_stack_hint(run::Failure& failure, const run::View& view, const Args& args,
                    const run::Search& search) {
    const std::string& word = failure.target;
    if (failure.code != "not_found" || word.empty() || failure.what() != "no run " + word) return;
    const std::string project = surroundings(args).project;
    if (project.empty()) return;
    const config::Config config = config::load_readable(project);
    if (config.find_template(word)) {
        failure.hint = word + " is a template that has no run: " + up_command(args, word) + " starts one";
        return;
    }
    std::vector<std::string> members;
    std::vector<std::string_view> known;
    for (const Template& each : config.templates) {
        known.push_back(each.name);
        for (const config::Word& group : each.groups) known.push_back(group.text);
        if (is_member(each, word)) members.push_back(each.name);
    }
    if (!members.empty())
        failure.hint = hint_of_group(word, members, view, args, search);
    else if (const auto near = text::suggest(word, known); near && failure.hint == "sigmund list")
        failure.hint = "did you mean " + *near + "?";
}

}  // namespace sigmund::cli
