// SPDX-License-Identifier: Apache-2.0
// `wait`: waits until runs have ended, and exits with their status.
#include <algorithm>

#include "cli/await_ready.hpp"
#include "cli/cmd.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "cli/targets.hpp"
#include "ops/shell_runs.hpp"
#include "ops/wait.hpp"
#include "run/handle.hpp"
#include "run/known_words.hpp"
#include "run/label.hpp"

namespace sigmund::cli {
namespace {

run::Until parse_until(const std::string& word) {
    if (const auto until = text::find_word(run::until_words, word)) return *until;
    std::vector<std::string_view> known;
    for (const auto& row : run::until_words) known.push_back(row.word);
    throw run::Failure(run::Exit::usage, "usage", "--until: \"" + word + "\" is not known",
                       run::hint_of_words(word, known));
}

}  // namespace

int cmd_wait(const Args& args) {
    const bool json = wants_json(args);
    const run::View view = run::View::open();
    const auto runs = targets_of(view, args, args.words);
    ops::WaitRequest request;
    if (args.has("gone")) request.until = run::Until::gone;
    if (const auto word = args.value("until")) request.until = parse_until(*word);
    request.any = args.has("any");
    request.timeout = duration_option(args, "timeout");
    if (!json)
        detach_on_signal(runs.size() == 1 ? label(runs[0].record) + " keeps running"
                                          : "the runs that have not ended keep running",
                         runs.size() == 1 ? "sigmund stop " + run::handle(view, runs[0].record) : "");
    const auto outcomes = runs.empty() ? std::vector<ops::WaitOutcome>{} : ops::wait(view, runs, request);
    int exit = 0;
    const bool some_ended =
        std::any_of(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.end.over; });
    for (const auto& o : outcomes) {
        if (request.any && some_ended && !o.end.over) continue;
        exit = std::max(exit, o.exit());
        ops::forget_notice(view.store(), o.record);
        if (json) continue;
        if (o.end.stale)
            say("refused: " + label(o.record) + ": " + o.end.why);
        else if (!o.end.over)
            say(request.until == run::Until::ready
                    ? not_ready_text(o)
                    : label(o.record) + " is still running: the wait has timed out");
        else if (o.end.ready)
            continue;
        else if (request.until == run::Until::ready)
            say(not_ready_text(o));
        else if (o.timed_out)
            say(label(o.record) + ": it timed out (--timeout)");
        else if (o.failed)
            say(label(o.record) + " failed: sigmund explain " + run::handle(view, o.record));
        else if (!o.end.status.known)
            say(label(o.record) + ": its exit status is unknown");
    }
    if (json) print_data(wait_json(outcomes));
    return exit;
}

}  // namespace sigmund::cli
