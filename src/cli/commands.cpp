// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include "cli/cmd.hpp"

namespace sigmund::cli {
namespace {

using run::Choice;
using run::Choices;
using run::Kind;
using run::one_of;

constexpr Choice json_versions[] = {{"1"}};
constexpr Choice porcelain_versions[] = {{"v1"}};
constexpr Choice color_times[] = {{"auto", "on a terminal, unless NO_COLOR is set"}, {"always"}, {"never"}};
constexpr Choice shells[] = {{"bash"}, {"zsh"}, {"fish"}};
constexpr Choice prompt_kinds[] = {{"bash"}, {"zsh"}, {"fish"}, {"starship"}};
constexpr Choice probes[] = {
    {"tcp:", "a port accepts connections"},
    {"unix:", "a socket accepts connections"},
    {"file:", "a file exists"},
    {"log:", "a line of the log matches"},
    {"http://localhost:", "a request is answered with success"},
    {"cmd:", "a shell command succeeds"},
    {"notify", "it says so itself, as sd_notify(3) does"},
};
constexpr Choice restart_conditions[] = {
    {"no", "never"},
    {"on-failure", "when it ended by a signal or with a status other than 0"},
    {"always", "however it ended"},
    {"on-exit=", "when it ended with one of these statuses"},
};
constexpr Choice leases[] = {
    {"pid:", "while this process lives"},
    {"shell", "while this shell lives"},
    {"ttl:", "for this long"},
};
constexpr Choice survivals[] = {
    {"step", "the step of CI that starts it"}, {"job", "the job of CI"}, {"login", "the login session"}};
constexpr Choice states[] = {
    {"starting", "not yet executed, or not yet ready"},
    {"running"},
    {"paused", "frozen by `pause`"},
    {"backoff", "waits before it is restarted"},
    {"watching", "has ended; the next change of a file starts it again"},
    {"stopping"},
    {"exited", "is over, with a result"},
    {"failed", "gave up"},
    {"lost", "ended, and its result is not known"},
    {"stale", "its record does not match this machine's processes"},
};
constexpr Choice orders[] = {{"newest"}, {"oldest"}, {"name"}, {"state"}};
constexpr Choice amounts[] = {{"all", "the whole log"}};
constexpr Choice waits[] = {{"ready", "until it is ready"}, {"gone", "until no process is left"}};

constexpr Option json_option{"json", 0, Value::optional, "1", "print JSON", false, one_of(json_versions)};
constexpr Option color_option{
    "color", 0, Value::optional, "WHEN", "auto, always or never", false, one_of(color_times)};
constexpr Option quiet_option{"quiet", 'q', Value::none, "", "say nothing when all goes well"};
constexpr Option help_option{"help", 'h', Value::none, "", "show this help"};

constexpr Option launch_options[] = {
    {"name", 'n', Value::required, "NAME", "a handle; one live run a name", false, Kind::name},
    {"tag", 't', Value::required, "TAG", "a label; may be given again", true, Kind::tag},
    {"replace", 0, Value::none, "", "stop a live run of that name first"},
    {"tail", 'f', Value::none, "", "then follow the log; Ctrl-C detaches"},
    {"wait", 'w', Value::none, "", "then wait, and exit with its status"},
    {"quiet", 'q', Value::none, "", "print the id and nothing else"},
    {"json", 0, Value::optional, "1", "print the record as JSON", false, one_of(json_versions)},
    {"cwd", 'C', Value::required, "DIR", "working directory", false, Kind::folder},
    {"env", 'e', Value::required, "NAME=VALUE", "set a variable; may be given again", true, Kind::assignment},
    {"env-file", 0, Value::required, "FILE", "read variables from a file", true, Kind::file},
    {"unset-env", 0, Value::required, "NAME", "remove a variable", true, Kind::variable},
    {"clean-env", 0, Value::none, "", "start from PATH, HOME, USER, LANG and TERM only"},
    {"stdin", 0, Value::required, "FILE", "read input from FILE (default /dev/null)", false, Kind::file},
    {"log", 0, Value::required, "FILE", "append output to FILE, which prune leaves alone", false, Kind::file},
    {"split-log", 0, Value::none, "", "keep stderr apart, in ID.err"},
    {"keep-fd", 0, Value::required, "N", "leave this descriptor open for the command", true, Kind::number},
    {"umask", 0, Value::required, "MASK", "file mode mask, octal"},
    {"nice", 0, Value::required, "N", "niceness, -20 to 19", false, Kind::number},
    {"rlimit", 0, Value::required, "NAME=SOFT[:HARD]", "resource limit, as in nofile=1024", true,
     Kind::rlimit},
    {"ignore", 0, Value::required, "SIG", "ignore a signal in the command", true, Kind::signal},
    {"default", 0, Value::required, "SIG", "set a signal to its default", true, Kind::signal},
    {"block", 0, Value::required, "SIG", "block a signal", true, Kind::signal},
    {"unblock", 0, Value::required, "SIG", "unblock a signal", true, Kind::signal},
    {"inherit-signals", 0, Value::none, "", "keep the caller's signal set-up"},
    {"stop-signal", 0, Value::required, "SIG", "what stop sends first (default TERM)", false, Kind::signal},
    {"stop-timeout", 0, Value::required, "TIME", "how long stop waits before SIGKILL (5s)", false,
     Kind::duration},
    {"timeout", 0, Value::required, "TIME", "stop the run after this long", false, Kind::duration},
    {"ready", 0, Value::required, "PROBE", "return when it is ready: tcp:PORT, log:REGEX...", true,
     one_of(probes)},
    {"ready-timeout", 0, Value::required, "TIME", "how long that may take (30s)", false, Kind::duration},
    {"ready-shared", 0, Value::none, "", "accept a probe's answer whoever gives it"},
    {"restart", 0, Value::required, "WHEN", "no, on-failure, always or on-exit=N,..", false,
     one_of(restart_conditions)},
    {"max-restarts", 0, Value::required, "N", "give up after N restarts without a healthy window", false,
     Kind::number},
    {"backoff", 0, Value::required, "MIN[..MAX]", "pause before a restart, doubling (100ms..30s)"},
    {"restart-window", 0, Value::required, "TIME", "a life this long counts as healthy (10s)", false,
     Kind::duration},
    {"restart-on", 0, Value::required, "SIG", "restart when the guardian gets this signal", true,
     Kind::signal},
    {"health", 0, Value::required, "COMMAND", "restart when this shell command keeps failing", false,
     Kind::command},
    {"health-interval", 0, Value::required, "TIME", "pause between two checks (5s)", false, Kind::duration},
    {"health-timeout", 0, Value::required, "TIME", "a check that takes longer has failed (5s)", false,
     Kind::duration},
    {"health-retries", 0, Value::required, "N", "failures in a row that count (3)", false, Kind::number},
    {"health-start", 0, Value::required, "TIME", "failures this soon after a start do not count", false,
     Kind::duration},
    {"pool", 0, Value::required, "N", "keep N of it running, with WORKER_ID=0..N-1", false, Kind::number},
    {"watch", 0, Value::required, "PATH", "restart when something in it changes", true, Kind::file},
    {"watch-ext", 0, Value::required, "EXT,..", "only files with these endings", true},
    {"watch-exclude", 0, Value::required, "PATTERN", "not this folder, nor what matches", true, Kind::folder},
    {"watch-all", 0, Value::none, "", "also what is hidden, or named in a .gitignore"},
    {"watch-signal", 0, Value::required, "SIG", "send this signal instead of restarting", false,
     Kind::signal},
    {"watch-poll", 0, Value::required, "TIME", "look this often, where no event tells of changes", false,
     Kind::duration},
    {"debounce", 0, Value::required, "TIME", "quiet after a change before it counts (100ms)", false,
     Kind::duration},
    {"on-exit", 0, Value::required, "COMMAND", "run this shell command when the run has ended", false,
     Kind::command},
    {"pid-file", 0, Value::required, "FILE", "write the leader's pid there", false, Kind::file},
    {"while", 0, Value::required, "WHAT", "stop when it ends: pid:N, shell or ttl:TIME", true,
     one_of(leases)},
    {"log-max-size", 0, Value::required, "SIZE", "start a new log file at this size", false, Kind::size},
    {"log-keep", 0, Value::required, "N", "how many old ones stay (1)", false, Kind::number},
    {"survive", 0, Value::required, "WHAT", "step, job (of CI) or login: what it must outlive", false,
     one_of(survivals)},
    {"keep", 0, Value::none, "", "not offered for clean-up when the shell exits"},
    help_option,
};

constexpr Option list_options[] = {
    {"live", 'l', Value::none, "", "only those that live"},
    {"state", 0, Value::required, "STATE,..", "only those in these states", true,
     one_of(states).separated_by_commas()},
    {"here", 0, Value::none, "", "only those of this project"},
    {"shell", 0, Value::optional, "ID", "only those started from this shell", false, Kind::shell_session},
    {"orphaned", 0, Value::none, "", "only those whose shell is gone"},
    {"begins", 0, Value::required, "PREFIX", "only those whose id or name begins so", false, Kind::name},
    {"sort", 0, Value::required, "KEY", "newest, oldest, name or state", false, one_of(orders)},
    {"limit", 'n', Value::required, "N", "no more than this many", false, Kind::number},
    {"watch", 0, Value::none, "", "redraw in place as things change"},
    json_option,
    {"jsonl", 0, Value::none, "", "print one JSON object a line"},
    {"porcelain", 0, Value::optional, "v1", "print stable lines for scripts", false,
     one_of(porcelain_versions)},
    {"zero", 'z', Value::none, "", "end records with NUL (implies --porcelain)"},
    {"columns", 0, Value::required, "A,B,..", "which porcelain fields", false,
     Choices{Kind::column}.separated_by_commas()},
    color_option,
    help_option,
};

constexpr Option show_options[] = {
    json_option,
    {"jsonl", 0, Value::none, "", "print one JSON object a line"},
    {"porcelain", 0, Value::optional, "v1", "print stable lines for scripts", false,
     one_of(porcelain_versions)},
    {"zero", 'z', Value::none, "", "end records with NUL (implies --porcelain)"},
    {"columns", 0, Value::required, "A,B,..", "which porcelain fields", false,
     Choices{Kind::column}.separated_by_commas()},
    help_option,
};

constexpr Option tail_options[] = {
    {"follow", 'f', Value::none, "", "go on until the run ends, as it does anyway"},
    {"lines", 'n', Value::required, "N", "begin with the last N lines, or all", false, one_of(amounts)},
    {"since", 0, Value::required, "TIME", "begin with what was written this long ago", false, Kind::duration},
    {"no-follow", 0, Value::none, "", "print and exit"},
    {"jsonl", 0, Value::none, "", "print one JSON object a line"},
    color_option,
    help_option,
};
constexpr Option logs_options[] = {
    {"follow", 'f', Value::none, "", "go on until the run ends"},
    {"lines", 'n', Value::required, "N", "begin with the last N lines, or all", false, one_of(amounts)},
    color_option,
    help_option,
};
constexpr Option dump_options[] = {color_option, help_option};
constexpr Option stop_options[] = {
    {"timeout", 't', Value::required, "TIME", "how long to wait before SIGKILL", false, Kind::duration},
    quiet_option,
    json_option,
    help_option,
};
constexpr Option kill_options[] = {quiet_option, json_option, help_option};
constexpr Option signal_options[] = {
    {"leader", 0, Value::none, "", "only to the first process"},
    {"every", 0, Value::none, "", "to processes that left the group too"},
    help_option,
};
constexpr Option bare_options[] = {help_option};
constexpr Option restart_options[] = {
    {"timeout", 't', Value::required, "TIME", "how long to wait before SIGKILL", false, Kind::duration},
    help_option,
};
constexpr Option wait_options[] = {
    {"gone", 0, Value::none, "", "until no process is left, not only the leader"},
    {"until", 0, Value::required, "WHAT", "ready: until it is ready; gone: as --gone", false, one_of(waits)},
    {"any", 0, Value::none, "", "until the first of them"},
    {"timeout", 't', Value::required, "TIME", "give up after this long (exit 124)", false, Kind::duration},
    json_option,
    help_option,
};
constexpr Option prune_options[] = {
    {"older-than", 0, Value::required, "TIME", "only what ended longer ago", false, Kind::duration},
    {"keep", 0, Value::required, "N", "leave the newest N", false, Kind::number},
    {"dry-run", 0, Value::none, "", "say what would go"},
    {"force", 0, Value::none, "", "also of other hosts and PID namespaces, and unwritten results"},
    quiet_option,
    json_option,
    help_option,
};
constexpr Option again_options[] = {
    {"env", 'e', Value::required, "NAME=VALUE", "set a variable; may be given again", true, Kind::assignment},
    {"dry-run", 'n', Value::none, "", "say what would be started, and what differs now"},
    quiet_option,
    json_option,
    help_option,
};
constexpr Option events_options[] = {
    {"since", 0, Value::required, "TIME", "begin with what happened this long ago", false, Kind::duration},
    {"no-follow", 0, Value::none, "", "print what is known and exit"},
    help_option,
};
constexpr Option tag_options[] = {{"remove", 0, Value::none, "", "take the tags away"}, help_option};
constexpr Option shell_exit_options[] = {
    {"shell", 0, Value::required, "NAME", "bash, zsh or fish", false, one_of(shells)},
    {"id", 0, Value::required, "ID", "the shell session", false, Kind::shell_session},
    help_option,
};
constexpr Option shell_notify_options[] = {
    {"orphans", 0, Value::none, "", "also of runs that closed shells left"},
    {"id", 0, Value::required, "ID", "the shell session", false, Kind::shell_session},
    help_option,
};
constexpr Option version_options[] = {json_option, help_option};
constexpr Option completions_options[] = {
    {"porcelain", 0, Value::optional, "v1", "print what may stand at the cursor of a command line", false,
     one_of(porcelain_versions)},
    {"word", 0, Value::required, "N", "the cursor is at the end of this word; the program is word 0", false,
     Kind::number},
    help_option,
};

// The positionals of verbs that take other words than targets, or not only targets.
constexpr Choices shell_places[] = {one_of(shells), Kind::text};
constexpr Choices prompt_places[] = {one_of(prompt_kinds), Kind::text};
constexpr Choices template_places[] = {Kind::template_name};
constexpr Choices again_places[] = {Kind::any_target, Kind::text};
constexpr Choices signal_places[] = {Kind::signal, Kind::live_target};
constexpr Choices rename_places[] = {Kind::any_target, Kind::text};
constexpr Choices tag_places[] = {Kind::any_target, Kind::tag};

constexpr Verb table[] = {
    {"run", "", "[options] [--] COMMAND [ARG...]", "start a run", Takes::command, launch_options, cmd_run},
    {"pipe", "", "[options] -- COMMAND [ARG...] '|' COMMAND...", "start commands joined by pipes",
     Takes::command, launch_options, cmd_pipe},
    {"again", "", "[options] TARGET", "start a run once more as it was started", Takes::any_run,
     again_options, cmd_again, false, false, again_places},
    {"up", "", "[options] NAME...", "start runs from templates of the configuration", Takes::nothing,
     launch_options, cmd_up, false, false, template_places},
    {"list", "ps", "[options] [TARGET...]", "list runs", Takes::any_run, list_options, cmd_list},
    {"show", "", "[options] TARGET...", "show all that is known of a run", Takes::any_run, show_options,
     cmd_show},
    {"tail", "", "[options] TARGET...", "follow the log of a run", Takes::any_run, tail_options, cmd_tail},
    {"dump", "", "TARGET...", "print the whole log of a run", Takes::any_run, dump_options, cmd_dump},
    {"logs", "", "[options] TARGET...", "print the log; with -f follow it", Takes::any_run, logs_options,
     cmd_logs},
    {"stop", "", "[options] TARGET...", "end a run and all its processes", Takes::live, stop_options,
     cmd_stop},
    {"kill", "", "[options] TARGET...", "end a run at once", Takes::live, kill_options, cmd_kill},
    {"signal", "", "[options] SIGNAL TARGET...", "send a signal to a run", Takes::live, signal_options,
     cmd_signal, false, false, signal_places},
    {"pause", "", "TARGET...", "freeze every process of a run", Takes::live, bare_options, cmd_pause},
    {"resume", "", "TARGET...", "let a paused run go on", Takes::live, bare_options, cmd_resume},
    {"restart", "", "[options] TARGET...", "stop a run and start it again", Takes::any_run, restart_options,
     cmd_restart},
    {"wait", "", "[options] TARGET...", "wait until a run has ended", Takes::any_run, wait_options, cmd_wait},
    {"events", "", "[options] [TARGET...]", "follow what happens to runs, as JSON lines", Takes::any_run,
     events_options, cmd_events},
    {"guard", "", "RUN... -- COMMAND [ARG...]", "run a command while runs live; end it when one does",
     Takes::live, bare_options, cmd_guard, true},
    {"explain", "", "[--json] TARGET...", "tell why a run ended, with evidence", Takes::any_run,
     version_options, cmd_explain},
    {"killcmd", "", "TARGET...", "print the kill command for a run's group", Takes::live, bare_options,
     cmd_killcmd},
    {"prune", "rm", "[options] [TARGET...]", "remove finished runs and their logs", Takes::finished,
     prune_options, cmd_prune},
    {"rename", "", "TARGET NAME", "give a run another name", Takes::any_run, bare_options, cmd_rename, false,
     false, rename_places},
    {"tag", "", "[--remove] TARGET TAG...", "add tags to runs", Takes::any_run, tag_options, cmd_tag, false,
     false, tag_places},
    {"tree", "", "TARGET...", "show the processes of a run", Takes::live, bare_options, cmd_tree},
    {"shell-init", "", "[bash|zsh|fish]", "print the hook for a shell to eval", Takes::nothing, bare_options,
     cmd_shell_init, false, false, shell_places},
    {"completions", "", "bash|zsh|fish, or --porcelain --word N -- WORD...",
     "print the completions of a shell", Takes::nothing, completions_options, cmd_completions, false, false,
     shell_places},
    {"doctor", "", "[--json] [TARGET...]", "tell what would end runs here, and how to mend it", Takes::live,
     version_options, cmd_doctor},
    {"config", "", "[--json]", "show the configuration and where it comes from", Takes::nothing,
     version_options, cmd_config},
    {"prompt", "", "bash|zsh|fish|starship", "print a prompt segment that shows what runs", Takes::nothing,
     bare_options, cmd_prompt, false, false, prompt_places},
    {"shell-exit", "", "--shell NAME --id ID", "ask what to do with the runs of a shell", Takes::nothing,
     shell_exit_options, cmd_shell_exit, false, true},
    {"shell-notify", "", "[--orphans] --id ID", "tell what has ended since the last prompt", Takes::nothing,
     shell_notify_options, cmd_shell_notify, false, true},
    {"version", "", "[--json]", "show the version", Takes::nothing, version_options, cmd_version},
};

}  // namespace

std::span<const Verb> verbs() {
    return table;
}

const Verb& launch_verb() {
    return table[0];
}

const Verb* find_verb(std::string_view word) {
    if (word == "ls") word = "list";
    for (const Verb& verb : table)
        if (verb.name == word || (!verb.alias.empty() && verb.alias == word)) return &verb;
    return nullptr;
}

}  // namespace sigmund::cli
