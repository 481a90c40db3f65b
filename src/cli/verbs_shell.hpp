// SPDX-License-Identifier: Apache-2.0
// The verbs for shells, and those about sigmund itself. Only cli/commands.cpp includes this.
#pragma once
#include "cli/common_options.hpp"

namespace sigmund::cli {

inline constexpr Choice shell_words[] = {{"bash"},     {"zsh"},           {"fish"},
                                         {"starship"}, {"powerlevel10k"}, {"oh-my-posh"}};
inline constexpr Choices shells = one_of(std::span(shell_words).first<3>());
inline constexpr Choices shell_places[] = {shells, {Kind::text}};
inline constexpr Choices prompt_places[] = {one_of(shell_words), {Kind::text}};
inline constexpr Option session_option{
    "id", 0, Value::required, "ID", "the shell session", false, {Kind::shell_session}};

int cmd_shell_init(const Args& args);
inline constexpr Verb shell_init_verb{.name = "shell-init",
                                      .synopsis = "[bash|zsh|fish]",
                                      .help = "print the hook for a shell to eval",
                                      .options = bare_options,
                                      .run = cmd_shell_init,
                                      .places = shell_places};
int cmd_completions(const Args& args);
inline constexpr Option completions_options[] = {
    {"porcelain", 0, Value::optional, "v1", "print the candidates at the cursor of a command line", false,
     one_of(porcelain_versions)},
    {"word", 0, Value::required, "N", "the cursor is at the end of this word; the program is word 0", false,
     number_value},
    help_option,
};
inline constexpr Verb completions_verb{.name = "completions",
                                       .synopsis = "bash|zsh|fish, or --porcelain --word N -- WORD...",
                                       .help = "print the completions of a shell",
                                       .options = completions_options,
                                       .run = cmd_completions,
                                       .places = shell_places};
inline constexpr Option adopt_options[] = {
    {"force", 0, Value::none, "", "even if the run belongs to another open shell"},
    quiet_option,
    json_option,
    project_option,
    help_option,
};
int cmd_adopt(const Args& args);
inline constexpr Verb adopt_verb{.name = "adopt",
                                 .synopsis = "[options] TARGET...",
                                 .help = "make runs belong to this shell",
                                 .takes = Takes::adoptable,
                                 .options = adopt_options,
                                 .run = cmd_adopt};
int cmd_prompt(const Args& args);
inline constexpr Verb prompt_verb{.name = "prompt",
                                  .synopsis = "bash|zsh|fish|starship|powerlevel10k|oh-my-posh",
                                  .help = "print a prompt segment that shows how many runs are live",
                                  .options = bare_options,
                                  .run = cmd_prompt,
                                  .places = prompt_places};

inline constexpr Option shell_exit_options[] = {
    {"shell", 0, Value::required, "NAME", "bash, zsh or fish", false, shells},
    session_option,
    help_option,
};
int cmd_shell_exit(const Args& args);
inline constexpr Verb shell_exit_verb{.name = "shell-exit",
                                      .synopsis = "--shell NAME --id ID",
                                      .help = "ask what to do with the runs of a shell",
                                      .options = shell_exit_options,
                                      .run = cmd_shell_exit,
                                      .hidden = true};

inline constexpr Option shell_notify_options[] = {
    {"orphans", 0, Value::none, "", "also runs that closed shells have left behind"},
    session_option,
    help_option,
};
int cmd_shell_notify(const Args& args);
inline constexpr Verb shell_notify_verb{.name = "shell-notify",
                                        .synopsis = "[--orphans] --id ID",
                                        .help = "report runs that have ended since the last prompt",
                                        .options = shell_notify_options,
                                        .run = cmd_shell_notify,
                                        .hidden = true};

// A launcher becomes this when it cannot go on (ops/parting.hpp).
int cmd_after_start(const Args& args);
inline constexpr Verb after_start_verb{.name = "after-start",
                                       .synopsis = "killed|unwritten ...",
                                       .help = "report why a start has failed",
                                       .options = bare_options,
                                       .run = cmd_after_start,
                                       .hidden = true,
                                       .starts_run = true};

inline constexpr Option config_options[] = {
    {"from",
     0,
     Value::required,
     "FILE",
     "print a sigmund.toml made from a Procfile or package.json",
     false,
     {Kind::file}},
    {"systemd",
     0,
     Value::required,
     "NAME",
     "print a template as a user unit of systemd",
     false,
     {Kind::template_name}},
    json_option,
    help_option,
};
int cmd_config(const Args& args);
inline constexpr Verb config_verb{.name = "config",
                                  .synopsis = "[options]",
                                  .help = "show the configuration and where it comes from",
                                  .options = config_options,
                                  .run = cmd_config};
int cmd_version(const Args& args);
inline constexpr Verb version_verb{.name = "version",
                                   .synopsis = "[--json]",
                                   .help = "show the version",
                                   .options = json_options,
                                   .run = cmd_version};

}  // namespace sigmund::cli
