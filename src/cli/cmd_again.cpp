// SPDX-License-Identifier: Apache-2.0
// `again`: starts a run once more as it was, after saying what is different now.
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/stack.hpp"
#include "cli/targets.hpp"
#include "ops/again.hpp"
#include "ops/take_name.hpp"
#include "run/label.hpp"
#include "run/options.hpp"
#include "text/quote.hpp"

namespace sigmund::cli {

int cmd_again(const Args& args) {
    if (args.has("dry-run") && args.has("json"))
        throw run::Failure(run::Exit::usage, "usage", "--dry-run prints a command, not JSON",
                           "sigmund show --json TARGET prints what was recorded");
    const std::vector<std::string> variables = read_spec_options(args).environment.set;
    const run::View view = run::View::open();
    int exit = 0;
    const auto runs = targets_of(view, args, args.words);
    for (const run::Judged& run : runs) {
        const run::Record& record = run.record;
        if (record.argv.empty())
            throw run::Failure(run::Exit::usage, "failed", label(record) + ": its command is not known");
        run::Spec spec = run::read_spec(record);
        spec.environment.set.insert(spec.environment.set.end(), variables.begin(), variables.end());
        restore_variables(spec, record, view.store());
        std::vector<std::string> differences = ops::differences(record, spec);
        for (const std::string& difference : differences) say(label(record) + ": " + difference);
        if (args.has("dry-run")) {
            run::Spec in_its_folder = spec;
            in_its_folder.cwd.clear();
            std::vector<std::string> words = run::spec_words(in_its_folder);
            words.emplace_back("--");
            words.insert(words.end(), spec.argv.begin(), spec.argv.end());
            // This line is meant to be pasted, so it is exact, whatever the words contain.
            print("cd " + text::quote_visibly({spec.cwd}) + " && sigmund " +
                  (spec.stages.empty() ? "run " : "pipe ") + text::quote_visibly(words) + '\n');
            continue;
        }
        // A name that the old run still has stays with it.
        const auto holder = spec.name.empty() ? std::nullopt : ops::holder_of(view, run::scoped_name(record));
        if (holder && holder->id == record.id) {
            differences.push_back("the name " + spec.name + " stays with " + record.id +
                                  ", which is still running");
            say(differences.back());
            spec.name.clear();
        }
        exit = std::max(exit, start_run(args, std::move(spec), differences, runs.size() == 1));
    }
    return exit;
}

}  // namespace sigmund::cli
