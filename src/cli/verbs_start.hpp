// SPDX-License-Identifier: Apache-2.0
// The verbs that start something. Only cli/commands.cpp includes this.
#pragma once
#include "cli/common_options.hpp"

namespace sigmund::cli {

int cmd_run(const Args& args);
inline constexpr Verb run_verb{.name = "run",
                               .synopsis = "[options] [--] COMMAND [ARG...]",
                               .help = "start a run",
                               .takes = Takes::command,
                               .options = run::launch_options,
                               .run = cmd_run,
                               .starts_run = true};

int cmd_pipe(const Args& args);
inline constexpr Verb pipe_verb{.name = "pipe",
                                .synopsis = "[options] -- COMMAND [ARG...] '|' COMMAND...",
                                .help = "start commands joined by pipes",
                                .takes = Takes::command,
                                .options = run::launch_options,
                                .run = cmd_pipe,
                                .starts_run = true};

inline constexpr Option again_options[] = {
    of_start("env"),
    {"dry-run", 'n', Value::none, "", "print what would be started, and what is different now"},
    quiet_option,
    json_option,
    project_option,
    help_option,
};
inline constexpr Choices again_places[] = {{Kind::any_target}, {Kind::text}};
int cmd_again(const Args& args);
inline constexpr Verb again_verb{.name = "again",
                                 .synopsis = "[options] TARGET",
                                 .help = "start a recorded run once more",
                                 .takes = Takes::any_run,
                                 .options = again_options,
                                 .run = cmd_again,
                                 .starts_run = true,
                                 .places = again_places};

inline constexpr Choices template_places[] = {{Kind::template_name}};
int cmd_up(const Args& args);
inline constexpr Verb up_verb{.name = "up",
                              .synopsis = "[options] NAME...",
                              .help = "start runs from templates of the configuration",
                              .options = run::launch_options,
                              .run = cmd_up,
                              .starts_run = true,
                              .places = template_places};

inline constexpr Option restart_options[] = {grace_option, project_option, help_option};
int cmd_restart(const Args& args);
inline constexpr Verb restart_verb{.name = "restart",
                                   .synopsis = "[options] TARGET...",
                                   .help = "stop a run and start it again",
                                   .takes = Takes::any_run,
                                   .options = restart_options,
                                   .run = cmd_restart};

int cmd_guard(const Args& args);
inline constexpr Verb guard_verb{.name = "guard",
                                 .synopsis = "RUN... -- COMMAND [ARG...]",
                                 .help = "run a command that needs runs; interrupt it when one of them ends",
                                 .takes = Takes::live,
                                 .options = target_options,
                                 .run = cmd_guard,
                                 .command_behind = true};

}  // namespace sigmund::cli
