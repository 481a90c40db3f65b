// SPDX-License-Identifier: Apache-2.0
// The verbs that start something. Only cli/commands.cpp includes this.
#pragma once
#include <algorithm>
#include <array>

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

int cmd_start(const Args& args);
inline constexpr Verb start_verb{
    .name = "start",
    .synopsis = "[options] NAME | COMMAND [ARG...]",
    .help = "start a template, a command, or a finished run again",
    .takes = Takes::command,
    .options = run::launch_options,
    .run = cmd_start,
    .starts_run = true,
    .more =
        "A single word that names a template starts it as `up` does, and one that names a\n"
        "finished run starts that as `again` does. Anything else is a command, as for\n"
        "`run`.\n"};

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
    of_start("tail"),
    of_start("wait"),
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
                                 .help = "start a recorded run again",
                                 .takes = Takes::any_run,
                                 .options = again_options,
                                 .run = cmd_again,
                                 .starts_run = true,
                                 .places = again_places};

inline constexpr Choices up_places[] = {{Kind::up_target}};
inline constexpr Option stack_options[] = {
    {"keep-changed", 0, Value::none, "", "leave runs alone whose template has changed"},
    {"abort", 0, Value::none, "", "when one fails, stop what was started"},
    {"dry-run", 0, Value::none, "", "print what would be started, and what has changed"},
};
// The options of a start are for the runs that are named.
inline constexpr auto up_options = [] {
    std::array<Option, std::size(run::launch_options) + std::size(stack_options)> out{};
    auto at = std::copy(std::begin(stack_options), std::end(stack_options), out.begin());
    std::copy(std::begin(run::launch_options), std::end(run::launch_options), at);
    return out;
}();
int cmd_up(const Args& args);
inline constexpr Verb up_verb{
    .name = "up",
    .synopsis = "[options] [NAME|GROUP...]",
    .help = "start the runs of a project, in the order of their dependencies",
    .options = up_options,
    .run = cmd_up,
    .starts_run = true,
    .places = up_places,
    .more =
        "Templates are [run.NAME] in sigmund.toml. Without names, all of them are started\n"
        "except those with `manual = true`. What a template depends on is started, too,\n"
        "and must be ready first. A run that is already running is left alone, unless its\n"
        "template has changed. sigmund-stack(7) describes all of this.\n"};

inline constexpr Choices down_places[] = {{Kind::down_target}};
inline constexpr Option down_options[] = {
    grace_option,   {"prune", 0, Value::none, "", "also remove their records and logs"},
    quiet_option,   json_option,
    project_option, help_option,
};
int cmd_down(const Args& args);
inline constexpr Verb down_verb{
    .name = "down",
    .synopsis = "[options] [NAME|GROUP...]",
    .help = "stop the runs of a project that up has started",
    .options = down_options,
    .run = cmd_down,
    .places = down_places,
    .more =
        "Without names, all of them are stopped. A run is stopped once all runs that\n"
        "depend on it are gone. What a named run depends on keeps running. The\n"
        "configuration may have changed or be missing: the records of the runs count.\n"};

inline constexpr Option restart_options[] = {grace_option, project_option, help_option};
// A finished run can be restarted, too, but is not what is usually meant.
inline constexpr Choices restart_places[] = {{Kind::live_target}};
int cmd_restart(const Args& args);
inline constexpr Verb restart_verb{.name = "restart",
                                   .synopsis = "[options] TARGET...",
                                   .help = "stop a run and start it again",
                                   .takes = Takes::any_run,
                                   .options = restart_options,
                                   .run = cmd_restart,
                                   .places = restart_places};

int cmd_guard(const Args& args);
inline constexpr Verb guard_verb{
    .name = "guard",
    .synopsis = "RUN... -- COMMAND [ARG...]",
    .help = "run a command that needs runs; interrupt it when one of them ends",
    .takes = Takes::live,
    .options = target_options,
    .run = cmd_guard,
    .command_behind = true,
    .more =
        "It exits with the status of the command, or with 123 when a run has ended before\n"
        "the command.\n"};

}  // namespace sigmund::cli
