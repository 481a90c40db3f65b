// SPDX-License-Identifier: Apache-2.0
// What several verbs share. Each verb has a cmd_VERB.cpp, which opens the store, acts, prints, and returns
// the exit status. It is declared next to its options, in cli/verbs_*.hpp.
#pragma once
#include "cli/args.hpp"
#include "run/spec.hpp"

namespace sigmund::cli {

// Launches a run, prints its id, then follows it, waits for its end or waits until it is ready, as the launch
// options in `args` say. For a run that is started once more, `differences` says what is not as it was;
// --json prints that. `last` says that nothing is left to do afterwards: then this may end the process. Returns
// the exit status.
int start_run(const Args& args, run::Spec spec, const std::vector<std::string>& differences = {},
              bool last = false);
// Returns the spec that the launch options ask for, without a command. Throws run::Failure (usage).
run::Spec read_spec_options(const Args& args);
// From here on, SIGINT, SIGTERM, SIGHUP and SIGQUIT (unless ignored) end this process with 128 plus the
// number of the signal. It then prints `what`, which says that the run keeps running, and `way_out`, the
// command that stops it. `shows_log`: a log is being copied to stdout, whose colours end then, if that is a
// terminal.
void detach_on_signal(const std::string& what, const std::string& way_out = {}, bool shows_log = false);

}  // namespace sigmund::cli
