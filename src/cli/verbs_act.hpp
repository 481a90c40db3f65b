// SPDX-License-Identifier: Apache-2.0
// The verbs that act on runs. Only cli/commands.cpp includes this.
#pragma once
#include "cli/common_options.hpp"

namespace sigmund::cli {

inline constexpr Option stop_options[] = {grace_option, quiet_option, json_option, project_option,
                                          help_option};
int cmd_stop(const Args& args);
inline constexpr Verb stop_verb{.name = "stop",
                                .synopsis = "[options] TARGET...",
                                .help = "stop a run and all its processes",
                                .takes = Takes::live,
                                .options = stop_options,
                                .run = cmd_stop};

inline constexpr Option kill_options[] = {quiet_option, json_option, project_option, help_option};
int cmd_kill(const Args& args);
inline constexpr Verb kill_verb{.name = "kill",
                                .synopsis = "[options] TARGET...",
                                .help = "kill a run at once",
                                .takes = Takes::live,
                                .options = kill_options,
                                .run = cmd_kill};

inline constexpr Option signal_options[] = {
    {"leader", 0, Value::none, "", "only to the first process"},
    {"every", 0, Value::none, "", "also to processes that have left the group"},
    project_option,
    help_option,
};
inline constexpr Choices signal_places[] = {{Kind::signal}, {Kind::live_target}};
int cmd_signal(const Args& args);
inline constexpr Verb signal_verb{.name = "signal",
                                  .synopsis = "[options] SIGNAL TARGET...",
                                  .help = "send a signal to a run",
                                  .takes = Takes::live,
                                  .options = signal_options,
                                  .run = cmd_signal,
                                  .places = signal_places};

inline constexpr Choice send_keys[] = {{"enter"},
                                       {"tab"},
                                       {"escape"},
                                       {"space"},
                                       {"backspace"},
                                       {"delete"},
                                       {"insert"},
                                       {"up"},
                                       {"down"},
                                       {"left"},
                                       {"right"},
                                       {"home"},
                                       {"end"},
                                       {"page-up"},
                                       {"page-down"},
                                       {"f1"},
                                       {"ctrl-c", "interrupts the program"},
                                       {"ctrl-d"},
                                       {"ctrl-z", "stops the program"},
                                       {"ctrl-l"},
                                       {"ctrl-\\"},
                                       {"alt-"}};
inline constexpr Option send_options[] = {
    {"no-newline", 'n', Value::none, "", "do not end the text with a newline"},
    {"key", 0, Value::required, "KEY", "then press a key: enter, ctrl-c, up...; may be given several times",
     true, one_of(send_keys)},
    {"eof", 0, Value::none, "", "then end the input"},
    {"wait", 'w', Value::required, "REGEX", "then print the new output, up to a line that matches"},
    {"timeout", 't', Value::required, "TIME", "how long --wait waits (30s; then exit 124)", false,
     time_value},
    project_option,
    help_option,
};
inline constexpr Choices send_places[] = {{Kind::input_target}, {Kind::text}};
int cmd_send(const Args& args);
inline constexpr Verb send_verb{.name = "send",
                                .synopsis = "[options] TARGET TEXT...",
                                .help = "write a line to the input of a run",
                                .takes = Takes::live,
                                .options = send_options,
                                .run = cmd_send,
                                .places = send_places};

inline constexpr Option attach_options[] = {
    {"read-only", 'r', Value::none, "", "type nothing, and leave the size as it is"},
    {"no-redraw", 0, Value::none, "", "do not make the program draw its screen again"},
    project_option,
    help_option,
};
inline constexpr Choices terminal_places[] = {{Kind::terminal_target}};
int cmd_attach(const Args& args);
inline constexpr Verb attach_verb{.name = "attach",
                                  .synopsis = "[options] TARGET",
                                  .help = "join this terminal to that of a run",
                                  .takes = Takes::live,
                                  .options = attach_options,
                                  .run = cmd_attach,
                                  .places = terminal_places};

inline constexpr Option detach_options[] = {
    {"all", 'a', Value::none, "", "even if several terminals are attached"},
    project_option,
    help_option,
};
int cmd_detach(const Args& args);
inline constexpr Verb detach_verb{.name = "detach",
                                  .synopsis = "[--all] TARGET...",
                                  .help = "detach the terminals that are attached to a run",
                                  .takes = Takes::live,
                                  .options = detach_options,
                                  .run = cmd_detach,
                                  .places = terminal_places};

int cmd_pause(const Args& args);
inline constexpr Verb pause_verb{.name = "pause",
                                 .synopsis = "TARGET...",
                                 .help = "freeze every process of a run",
                                 .takes = Takes::live,
                                 .options = target_options,
                                 .run = cmd_pause};
int cmd_resume(const Args& args);
inline constexpr Verb resume_verb{.name = "resume",
                                  .synopsis = "TARGET...",
                                  .help = "continue a paused run",
                                  .takes = Takes::live,
                                  .options = target_options,
                                  .run = cmd_resume};

inline constexpr Choice until_words[] = {{"ready", "until it is ready"},
                                         {"gone", "until no process is left"}};
inline constexpr Option wait_options[] = {
    {"gone", 0, Value::none, "", "wait until no process is left, not only until the leader has ended"},
    {"until", 0, Value::required, "WHAT", "ready: until it is ready; gone: as --gone", false,
     one_of(until_words)},
    {"any", 0, Value::none, "", "return when the first of them has ended"},
    {"timeout", 't', Value::required, "TIME", "give up after this time (exit 124)", false, time_value},
    json_option,
    project_option,
    help_option,
};
int cmd_wait(const Args& args);
inline constexpr Verb wait_verb{
    .name = "wait",
    .synopsis = "[options] TARGET...",
    .help = "wait until a run has ended",
    .takes = Takes::any_run,
    .options = wait_options,
    .run = cmd_wait,
    .more =
        "It exits with the status of the run, or 128 plus the number of the signal that\n"
        "ended it; of several, with the greatest; at the limit of -t with 124.\n"};

int cmd_killcmd(const Args& args);
inline constexpr Verb killcmd_verb{.name = "killcmd",
                                   .synopsis = "TARGET...",
                                   .help = "print the kill command for the group of a run",
                                   .takes = Takes::live,
                                   .options = target_options,
                                   .run = cmd_killcmd};

inline constexpr Option prune_options[] = {
    {"older-than", 0, Value::required, "TIME", "only runs that ended longer ago", false, time_value},
    {"keep", 0, Value::required, "N", "keep the newest N", false, number_value},
    {"dry-run", 0, Value::none, "", "print what would be removed"},
    {"force", 0, Value::none, "",
     "also remove runs of other hosts and PID namespaces, and those whose result could not be written"},
    quiet_option,
    json_option,
    project_option,
    help_option,
};
int cmd_prune(const Args& args);
inline constexpr Verb prune_verb{.name = "prune",
                                 .alias = "rm",
                                 .synopsis = "[options] [TARGET...]",
                                 .help = "remove finished runs and their logs",
                                 .takes = Takes::finished,
                                 .options = prune_options,
                                 .run = cmd_prune};

inline constexpr Choices rename_places[] = {{Kind::any_target}, {Kind::text}};
int cmd_rename(const Args& args);
inline constexpr Verb rename_verb{.name = "rename",
                                  .synopsis = "TARGET NAME",
                                  .help = "give a run another name",
                                  .takes = Takes::any_run,
                                  .options = target_options,
                                  .run = cmd_rename,
                                  .places = rename_places};

inline constexpr Option tag_options[] = {
    {"remove", 0, Value::none, "", "remove the tags"}, project_option, help_option};
inline constexpr Choices tag_places[] = {{Kind::any_target}, {Kind::tag}};
int cmd_tag(const Args& args);
inline constexpr Verb tag_verb{.name = "tag",
                               .synopsis = "[--remove] TARGET TAG...",
                               .help = "add tags to runs",
                               .takes = Takes::any_run,
                               .options = tag_options,
                               .run = cmd_tag,
                               .places = tag_places};

}  // namespace sigmund::cli
