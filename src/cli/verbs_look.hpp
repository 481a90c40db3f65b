// SPDX-License-Identifier: Apache-2.0
// The verbs that look at runs and change nothing. Only cli/commands.cpp includes this.
#pragma once
#include "cli/common_options.hpp"

namespace sigmund::cli {

inline constexpr Choice state_words[] = {
    {"starting", "not yet executed, or not yet ready"},
    {"running"},
    {"paused", "frozen by `pause`"},
    {"backoff", "waits for its next restart"},
    {"watching", "has ended; the next change of a file starts it again"},
    {"stopping"},
    {"exited", "has ended, with a result"},
    {"failed", "gave up"},
    {"lost", "ended, and its result is not known"},
    {"stale", "its record does not match the processes of this machine"},
};
inline constexpr Choice order_words[] = {{"newest"}, {"oldest"}, {"name"}, {"state"}};
inline constexpr Option list_options[] = {
    {"all", 'a', Value::none, "", "show all runs on a terminal, too, not only the live and the newest ones"},
    {"live", 'l', Value::none, "", "only live runs"},
    {"state", 0, Value::required, "STATE,..", "only runs in these states", true,
     one_of(state_words).separated_by_commas()},
    {"here", 0, Value::none, "", "only runs of this project"},
    {"shell", 0, Value::optional, "ID", "only runs of this shell", false, {Kind::shell_session}},
    {"orphaned", 0, Value::none, "", "only runs whose shell is gone"},
    {"begins",
     0,
     Value::required,
     "PREFIX",
     "only runs whose id or name begins with PREFIX",
     false,
     {Kind::name}},
    {"sort", 0, Value::required, "KEY", "newest, oldest, name or state", false, one_of(order_words)},
    {"limit", 'n', Value::required, "N", "show at most N runs", false, number_value},
    {"wide", 'w', Value::none, "", "show all columns, and cut nothing"},
    {"quiet", 'q', Value::none, "", "print the ids only"},
    {"jobs", 0, Value::none, "", "print a line for each run, as sigmund_jobs does"},
    {"watch", 0, Value::none, "", "redraw in place when something changes"},
    json_option,
    jsonl_option,
    porcelain_option,
    zero_option,
    columns_option,
    color_option,
    project_option,
    help_option,
};
int cmd_list(const Args& args);
inline constexpr Verb list_verb{
    .name = "list",
    .alias = "ps",
    .synopsis = "[options] [TARGET...]",
    .help = "list runs",
    .takes = Takes::any_run,
    .options = list_options,
    .run = cmd_list,
    .other_projects = true,
    .more =
        "AGE is the time since the start of a live run, and since the end of another one.\n"
        "CPU is the CPU time that it has used. MEM is the memory of a live run, or the\n"
        "most that one process of a finished run had. TOOK is how long it ran.\n"};

inline constexpr Option status_options[] = {json_option, color_option, project_option, help_option};
int cmd_status(const Args& args);
inline constexpr Verb status_verb{
    .name = "status",
    .synopsis = "[options] [TARGET...]",
    .help = "show how runs are right now",
    .takes = Takes::any_run,
    .options = status_options,
    .run = cmd_status,
    .other_projects = true,
    .more = "With targets it exits with 0 if all of them are live, and with 3 if one is not.\n"};

inline constexpr Option show_options[] = {json_option,    jsonl_option, porcelain_option, zero_option,
                                          columns_option, color_option, project_option,   help_option};
int cmd_show(const Args& args);
inline constexpr Verb show_verb{.name = "show",
                                .synopsis = "[options] TARGET...",
                                .help = "show everything that is known about a run",
                                .takes = Takes::any_run,
                                .options = show_options,
                                .run = cmd_show,
                                .other_projects = true};

inline constexpr Option tail_options[] = {
    {"follow", 'f', Value::none, "", "follow until the run ends, which is the default"},
    lines_option,
    since_option,
    until_option,
    grep_option,
    timestamps_option,
    no_follow_option,
    jsonl_option,
    plain_option,
    raw_option,
    color_option,
    project_option,
    help_option,
};
int cmd_tail(const Args& args);
inline constexpr Verb tail_verb{.name = "tail",
                                .synopsis = "[options] TARGET...",
                                .help = "follow the log of a run",
                                .takes = Takes::any_run,
                                .options = tail_options,
                                .run = cmd_tail,
                                .other_projects = true};

inline constexpr Option dump_options[] = {since_option,      until_option,   grep_option,
                                          timestamps_option, plain_option,   raw_option,
                                          color_option,      project_option, help_option};
int cmd_dump(const Args& args);
inline constexpr Verb dump_verb{.name = "dump",
                                .synopsis = "TARGET...",
                                .help = "print the whole log of a run, as logs does",
                                .takes = Takes::any_run,
                                .options = dump_options,
                                .run = cmd_dump,
                                .other_projects = true};

inline constexpr Option logs_options[] = {
    {"follow", 'f', Value::none, "", "follow until the run ends"},
    lines_option,
    since_option,
    until_option,
    grep_option,
    timestamps_option,
    jsonl_option,
    plain_option,
    raw_option,
    color_option,
    project_option,
    help_option,
};
int cmd_logs(const Args& args);
inline constexpr Verb logs_verb{.name = "logs",
                                .synopsis = "[options] TARGET...",
                                .help = "print the log; with -f follow it",
                                .takes = Takes::any_run,
                                .options = logs_options,
                                .run = cmd_logs,
                                .other_projects = true};

inline constexpr Option events_options[] = {
    {"since", 0, Value::required, "TIME", "begin with events from this long ago", false, time_value},
    no_follow_option,
    project_option,
    help_option,
};
int cmd_events(const Args& args);
inline constexpr Verb events_verb{.name = "events",
                                  .synopsis = "[options] [TARGET...]",
                                  .help = "follow the events of runs, as JSON lines",
                                  .takes = Takes::any_run,
                                  .options = events_options,
                                  .run = cmd_events};

int cmd_explain(const Args& args);
inline constexpr Verb explain_verb{.name = "explain",
                                   .synopsis = "[--json] TARGET...",
                                   .help = "explain why a run ended, with evidence",
                                   .takes = Takes::any_run,
                                   .options = colored_target_options,
                                   .run = cmd_explain,
                                   .other_projects = true};

inline constexpr Option tree_options[] = {color_option, project_option, help_option};
int cmd_tree(const Args& args);
inline constexpr Verb tree_verb{.name = "tree",
                                .synopsis = "TARGET...",
                                .help = "show the processes of a run",
                                .takes = Takes::live,
                                .options = tree_options,
                                .run = cmd_tree,
                                .other_projects = true};

inline constexpr Choices port_places[] = {{Kind::port_target}};
int cmd_port(const Args& args);
inline constexpr Verb port_verb{.name = "port",
                                .synopsis = "[--json] TARGET...",
                                .help = "print the port that a run was given",
                                .takes = Takes::any_run,
                                .options = json_target_options,
                                .run = cmd_port,
                                .places = port_places};
int cmd_ports(const Args& args);
inline constexpr Verb ports_verb{.name = "ports",
                                 .synopsis = "[--json]",
                                 .help = "show which processes listen on which TCP ports",
                                 .options = json_options,
                                 .run = cmd_ports};
int cmd_env(const Args& args);
inline constexpr Verb env_verb{.name = "env",
                               .synopsis = "[--json]",
                               .help = "print the ports of this project's live runs as variables",
                               .options = json_options,
                               .run = cmd_env};

inline constexpr Option top_options[] = {help_option};
int cmd_top(const Args& args);
inline constexpr Verb top_verb{.name = "top",
                               .synopsis = "[options]",
                               .help = "show the runs and their logs on a full screen",
                               .options = top_options,
                               .run = cmd_top,
                               .more =
                                   "On the screen, ? shows the keys.\n"
                                   "To start the program top: sigmund run -- top\n"};

int cmd_doctor(const Args& args);
inline constexpr Verb doctor_verb{.name = "doctor",
                                  .synopsis = "[--json] [TARGET...]",
                                  .help = "check what would end runs here, and how to prevent it",
                                  .takes = Takes::live,
                                  .options = colored_target_options,
                                  .run = cmd_doctor};

}  // namespace sigmund::cli
