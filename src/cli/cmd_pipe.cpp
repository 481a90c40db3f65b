// SPDX-License-Identifier: Apache-2.0
// `pipe`: starts commands that are joined by pipes, as one run.
#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "run/failure.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

int cmd_pipe(const Args& args) {
    const config::Config config = load_config(false);
    Args start = args;
    add_settings(start, config.defaults);
    run::Spec spec = read_configured_spec(start);
    spec.argv = args.command;
    spec.stages.emplace_back();
    for (const std::string& word : args.command) {
        if (word == "|")
            spec.stages.emplace_back();
        else
            spec.stages.back().push_back(word);
    }
    for (const auto& stage : spec.stages)
        if (stage.empty() || stage[0].empty())
            throw Failure(Exit::usage, "usage", "a stage of the pipe has no command",
                          "sigmund pipe -- dmesg '|' grep -i usb '|' wc -l");
    if (spec.pool > 0) throw Failure(Exit::usage, "usage", "a pipe cannot be a pool");
    if (spec.stages.size() < 2) spec.stages.clear();
    return start_run(start, std::move(spec));
}

}  // namespace sigmund::cli
