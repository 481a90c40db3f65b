// SPDX-License-Identifier: Apache-2.0
// `wait`: until runs have ended, with their own exit status.
#include <algorithm>

#include "cli/await_ready.hpp"
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/render_json.hpp"
#include "ops/shell_runs.hpp"
#include "ops/wait.hpp"
#include "run/known_words.hpp"

namespace sigmund::cli {
namespace {

run::Until parse_until(const std::string& word) {
    if (const auto until = text::find_word(run::until_words, word)) return *until;
    std::vector<std::string_view> known;
    for (const auto& row : run::until_words) known.push_back(row.word);
    throw run::Failure(run::Exit::usage, "usage", "--until: \"" + word + "\" is not ready or gone",
                       run::hint_of_words(word, known));
}

}  // namespace

int cmd_wait(const Args& args) {
    const bool json = wants_json(args);
    const run::Store store = run::Store::open();
    const run::Census census;
    const auto records = targets_of(store, census, args, args.words);
    ops::WaitRequest request;
    if (args.has("gone")) request.until = run::Until::gone;
    if (const auto word = args.value("until")) request.until = parse_until(*word);
    request.any = args.has("any");
    request.timeout = duration_option(args, "timeout");
    if (!json)
        detach_on_signal(records.size() == 1 ? label(records[0]) + " goes on" : "what still runs goes on",
                         records.size() == 1 ? "sigmund stop " + records[0].id : "");
    const auto outcomes =
        records.empty() ? std::vector<ops::WaitOutcome>{} : ops::wait(store, records, request);
    int exit = 0;
    const bool some_ended =
        std::any_of(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.ended; });
    for (const auto& o : outcomes) {
        if (request.any && some_ended && !o.ended) continue;
        exit = std::max(exit, o.exit());
        ops::forget_notice(store, o.record);
        if (json) continue;
        if (o.stale)
            say("refused: " + label(o.record) + ": " + o.why);
        else if (!o.ended)
            say(request.until == run::Until::ready ? not_ready_text(o)
                                                   : label(o.record) + " is still running: time ran out");
        else if (o.ready)
            continue;
        else if (request.until == run::Until::ready)
            say(not_ready_text(o));
        else if (o.timed_out)
            say(label(o.record) + ": its --timeout ran out");
        else if (o.failed)
            say(label(o.record) + " failed: sigmund explain " + o.record.id);
        else if (!o.status.known)
            say(label(o.record) + ": its exit status is unknown");
    }
    if (json) print_data(wait_json(outcomes));
    return exit;
}

}  // namespace sigmund::cli
