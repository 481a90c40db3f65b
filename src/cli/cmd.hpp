// SPDX-License-Identifier: Apache-2.0
// What several verbs have in common. Each verb has a cmd_VERB.cpp, which opens the store, acts, prints, and returns
// the exit status; it is declared beside its options, in cli/verbs_*.hpp.
#pragma once
#include "cli/args.hpp"
#include "run/spec.hpp"

namespace sigmund::cli {

// What the verbs that start a run have in common: launches it, says so, then follows it, waits for it or waits
// until it is ready, as the launch options in `args` ask. `differences` says of a run that is started once more
// what is not as it was; --json prints that.
int start_run(const Args& args, run::Spec spec, const std::vector<std::string>& differences = {});
// Returns the spec that the launch options ask for; its command is still to be set. Throws run::Failure (usage).
run::Spec read_spec_options(const Args& args);
// From here on SIGINT, SIGTERM, SIGHUP and SIGQUIT (unless they are ignored) end this process with 128 and the
// number of the signal, and print `what`: that the run goes on, and how it is stopped.
void detach_on_signal(const std::string& what, const std::string& way_out = {});

}  // namespace sigmund::cli
