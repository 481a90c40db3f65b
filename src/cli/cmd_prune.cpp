// SPDX-License-Identifier: Apache-2.0
// `prune`: removes finished runs and leftovers of crashes.
#include <unistd.h>

#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/targets.hpp"
#include "ops/prune.hpp"
#include "run/label.hpp"
#include "sys/error.hpp"
#include "sys/terminal.hpp"

namespace sigmund::cli {
namespace {

std::string label_of(const run::View& view, const std::string& id) {
    const auto run = view.find(id);
    return run ? label(run->record) : id;
}

}  // namespace

int cmd_prune(const Args& args) {
    const bool json = wants_json(args);
    const run::View view = run::View::open();
    ops::PruneRequest request;
    request.dry_run = args.has("dry-run");
    request.force = args.has("force");
    request.older_than = duration_option(args, "older-than");
    request.keep = static_cast<int>(number_option(args, "keep", 0).value_or(0));
    request.everything =
        args.words.empty() || (args.words.size() == 1 && (args.words[0] == "all" || args.words[0] == "@all"));
    if (!request.everything) request.targets = targets_of(view, args, args.words);
    const auto outcome = ops::prune(view, request);
    int exit = 0;
    const bool named = std::any_of(args.words.begin(), args.words.end(), [](const std::string& word) {
        return word != "all" && !run::parse_selector(word).plural();
    });
    if (json) {
        print_data(prune_json(outcome, request.dry_run));
    } else {
        for (const auto& left : outcome.left)
            if (named || left.always_told) say(label_of(view, left.id) + " stays: " + left.why);
        const std::string verb = request.dry_run ? "would remove " : "removed ";
        std::string text =
            verb + std::to_string(outcome.removed.size()) + (outcome.removed.size() == 1 ? " run" : " runs");
        if (!outcome.swept.empty())
            text += " and the leftovers of " + std::to_string(outcome.swept.size()) +
                    (outcome.swept.size() == 1 ? " broken start" : " broken starts");
        if (request.dry_run)
            for (const std::string& id : outcome.removed)
                print((sys::is_terminal(STDOUT_FILENO) ? label_of(view, id) : id) + '\n');
        const bool only_stays =
            named && outcome.removed.empty() && outcome.swept.empty() && !outcome.left.empty();
        if (!args.has("quiet") && !only_stays) say(text);
    }
    if (named && !outcome.left.empty()) exit = 1;
    if (outcome.failed != 0)
        throw run::Failure(
            outcome.failed == EACCES || outcome.failed == EPERM || outcome.failed == EROFS ? run::Exit::denied
                                                                                           : run::Exit::usage,
            "failed", "some runs could not be removed: " + sys::describe_errno(outcome.failed));
    return exit;
}

}  // namespace sigmund::cli
