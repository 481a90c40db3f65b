// SPDX-License-Identifier: Apache-2.0
// The verbs. Each has a file of its own, cmd_VERB.cpp, which opens a view, acts and renders. It returns the
// exit status.
#pragma once
#include "cli/args.hpp"
#include "run/spec.hpp"

namespace sigmund::cli {

int cmd_run(const Args& args);
int cmd_pipe(const Args& args);
int cmd_again(const Args& args);
int cmd_config(const Args& args);
int cmd_up(const Args& args);
int cmd_events(const Args& args);
int cmd_guard(const Args& args);
int cmd_explain(const Args& args);
int cmd_doctor(const Args& args);
int cmd_list(const Args& args);
int cmd_show(const Args& args);
int cmd_tail(const Args& args);
int cmd_dump(const Args& args);
int cmd_logs(const Args& args);
int cmd_stop(const Args& args);
int cmd_kill(const Args& args);
int cmd_signal(const Args& args);
int cmd_pause(const Args& args);
int cmd_resume(const Args& args);
int cmd_restart(const Args& args);
int cmd_wait(const Args& args);
int cmd_killcmd(const Args& args);
int cmd_prune(const Args& args);
int cmd_rename(const Args& args);
int cmd_tag(const Args& args);
int cmd_tree(const Args& args);
int cmd_shell_init(const Args& args);
int cmd_shell_exit(const Args& args);
int cmd_shell_notify(const Args& args);
int cmd_prompt(const Args& args);
int cmd_completions(const Args& args);
int cmd_version(const Args& args);

// Shared by the verbs that start a run: launches it and says so, then follows its log, waits for its end or
// awaits its readiness, as the launch options in `args` ask. `differences`: for a run that is started once
// more, what is not as it was; --json tells them.
int start_run(const Args& args, run::Spec spec, const std::vector<std::string>& differences = {});
// The spec that the launch options ask for, without the command. Throws run::Failure (usage).
run::Spec read_spec_options(const Args& args);
// The NAME=VALUE words of --env. Throws run::Failure (usage) for a word that is none.
std::vector<std::string> read_variables(const Args& args);
// From here on SIGINT, SIGTERM, SIGHUP and SIGQUIT, unless they are ignored, end this process with 128 and
// the number of the signal. Then it says `what` (that the run goes on), and `way_out` (how it is stopped).
void detach_on_signal(const std::string& what, const std::string& way_out = {});

}  // namespace sigmund::cli
