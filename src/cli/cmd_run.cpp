// SPDX-License-Identifier: Apache-2.0
// `run`: starts a command in the background.
#include "cli/cmd.hpp"
#include "cli/configured.hpp"
#include "cli/output.hpp"

namespace sigmund::cli {

using run::Exit;
using run::Failure;

int cmd_run(const Args& args) {
    if (args.command.empty())
        throw Failure(Exit::usage, "usage", "no command to start", "sigmund run [options] COMMAND [ARG...]");
    const config::Config config = load_config(false);
    Args start = args;
    add_settings(start, config.defaults);
    run::Spec spec = read_configured_spec(start);
    spec.argv = args.command;
    const int exit = start_run(start, std::move(spec), {}, !has_retention(config));
    apply_retention(config);
    return exit;
}

}  // namespace sigmund::cli
