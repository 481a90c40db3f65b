// SPDX-License-Identifier: Apache-2.0
// `start`: starts a template, a finished run once more, or else a command, whichever the word names.
#include <algorithm>

#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "cli/output.hpp"
#include "cli/targets.hpp"
#include "run/id.hpp"
#include "run/label.hpp"

namespace sigmund::cli {
namespace {

// Returns the run that the word names here, if there is one.
std::optional<run::Judged> named_run(const run::View& view, const std::string& word) {
    if (!run::is_name(word) && !run::is_id(word)) return std::nullopt;
    try {
        auto runs = run::resolve(view, {word}, surroundings()).runs;
        if (runs.size() == 1 && (runs[0].record.name == word || runs[0].record.id == word))
            return std::move(runs[0]);
    } catch (const run::Failure&) {
        // No run has this name.
    }
    return std::nullopt;
}

int do_instead(const char* name, const std::string& word) {
    const Verb* const verb = find_verb(name);
    return verb->run(parse_args(*verb, {word}));
}

}  // namespace

int cmd_start(const Args& args) {
    if (args.command.empty())
        throw run::Failure(
            run::Exit::usage, "usage", "nothing to start",
            "sigmund start NAME starts a template or a finished run, and sigmund COMMAND a command");
    const std::string word = args.command[0];
    // pm2 takes its options behind the command.
    if (!args.has("name") &&
        std::find(args.command.begin(), args.command.end(), "--name") != args.command.end())
        say("--name goes to " + word + ", since options of sigmund come before the command");
    if (args.command.size() > 1 || !args.given().empty()) return launch_verb().run(args);
    const bool known_template = load_config(true).find_template(word) != nullptr;
    const run::View view = run::View::open();
    const auto run = named_run(view, word);
    if (known_template && run && !run->live() && run->record.from.name != word)
        throw run::Failure(run::Exit::ambiguous, "ambiguous",
                           word + " is a template, and the name of the finished run " + run->record.id,
                           "sigmund up " + word + ", or sigmund again " + run->record.id, word);
    if (known_template) {
        say(word + " is a template: sigmund up " + word);
        return do_instead("up", word);
    }
    if (!run) return launch_verb().run(args);
    if (run->live())
        throw run::Failure(run::Exit::usage, "failed", label(run->record) + " is running already",
                           "sigmund restart " + word + " restarts it", word);
    say(word + " is a finished run: sigmund again " + word);
    return do_instead("again", word);
}

}  // namespace sigmund::cli
