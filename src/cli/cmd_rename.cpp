// SPDX-License-Identifier: Apache-2.0
// `rename`: gives a run another name, through its guardian while that lives.
#include "cli/cmd.hpp"
#include "cli/targets.hpp"
#include "ops/edit.hpp"
#include "run/id.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

int cmd_rename(const Args& args) {
    const run::View view = run::View::open();
    if (args.words.empty()) no_target(args, view);
    if (args.words.size() != 2)
        throw Failure(Exit::usage, "usage", "rename takes a target and a new name",
                      "sigmund rename 7f3c2a web");
    const std::string& name = args.words[1];
    if (const std::string problem = run::name_problem(name); !problem.empty())
        throw Failure(Exit::usage, "usage", '"' + name + "\" is not a valid name: " + problem);
    const auto runs = some_targets_of(view, args, {args.words[0]});
    if (runs.size() != 1)
        throw Failure(Exit::ambiguous, "ambiguous",
                      args.words[0] + " stands for " + std::to_string(runs.size()) + " runs");
    if (runs[0].record.name != name) ops::rename(view.store(), runs[0].record, name);
    return 0;
}

}  // namespace sigmund::cli
