// SPDX-License-Identifier: Apache-2.0
// The table of launch options. A new option is a row here, a field of Spec, the place that acts on it, and a
// few words in man/sigmund-run.1 (then scripts/gen-man). Parsing, records, `again`, configuration, help and
// completion read this table, and tests/unit/run/options_test.cpp tries every row.
#pragma once
#include <array>

#include "run/option_kinds_supervision.hpp"

namespace sigmund::run {

// Whether a record keeps the option, so that the run can be started again. The options of a record are a JSON
// object in the order of the rows.
enum class Kept : std::uint8_t {
    on_the_line,   // no: it only makes sense on one command line
    for_launcher,  // no: only the launcher acts on it
    as_field,      // a field of the record itself has it (keep_spec and read_spec in run/record_options.cpp)
    if_set,        // when it is not the default; within a group, when the group is kept
    leads_group,   // with its group, which is kept when one of its leading options is not the default
    with_group,    // with its group, even if it is the default
    always,
};

// Options that have no meaning, or only a part of it, without one another.
enum class Group : std::uint8_t { none, restart, ready, health, watch, log_size };

struct LaunchOption {
    Option option;
    Kept kept;
    const Codec* codec = nullptr;  // absent if only the launcher acts on the option
    const char* key = nullptr;     // the first key, if the codec writes several
    Group group = Group::none;
    // For an option that a record cannot keep: returns one sentence for each thing that a spec lacks after it
    // was read from a record.
    std::vector<std::string> (*lost)(const Spec&) = nullptr;
};

namespace rows {

inline constexpr Choice json_versions[] = {{"1"}};
inline constexpr Choice probes[] = {
    {"tcp:", "a port accepts connections"},
    {"unix:", "a socket accepts connections"},
    {"file:", "a file exists"},
    {"log:", "a line of the log matches"},
    {"http://localhost:", "a request is answered with success"},
    {"cmd:", "a shell command succeeds"},
    {"notify", "the command says so itself, as sd_notify(3) does"},
};
inline constexpr Choice failures[] = {{"log:", "a line of the log matches"}};
inline constexpr Choice restarts[] = {
    {"no", "never"},
    {"on-failure", "when it ended by a signal or with a status other than 0"},
    {"always", "however it ended"},
    {"on-exit=", "when it ended with one of these statuses"},
};
inline constexpr Choice leases[] = {
    {"pid:", "while this process lives"},
    {"shell", "while this shell lives"},
    {"ttl:", "for this long"},
};
inline constexpr Choice port_words[] = {
    {"auto", "a free port from 20000 to 29999"},
    {"auto:", "this port in the main checkout, a free one in linked worktrees"},
};
inline constexpr Choice spans[] = {
    {"step", "the step of CI that starts it"}, {"job", "the job of CI"}, {"login", "the login session"}};

inline constexpr Choices file{Kind::file}, folder{Kind::folder}, number{Kind::number}, time{Kind::duration},
    signal{Kind::signal}, command{Kind::command};

// Make a flag, an option with one value, and an option that may be given several times.
constexpr Option flag(std::string_view name, std::string_view help, char letter = 0) {
    return {name, letter, Value::none, "", help};
}
constexpr Option single(std::string_view name, std::string_view metavar, std::string_view help,
                        Choices choices = {}, char letter = 0) {
    return {name, letter, Value::required, metavar, help, false, choices};
}
constexpr Option several(std::string_view name, std::string_view metavar, std::string_view help,
                         Choices choices = {}, char letter = 0) {
    return {name, letter, Value::required, metavar, help, true, choices};
}

using namespace kinds;

inline constexpr LaunchOption table[] = {
    {single("name", "NAME", "a name for the run; in its project, a name has at most one live run",
            {Kind::name}, 'n'),
     Kept::as_field, &codec<Name, &Spec::name>},
    {several("tag", "TAG", "a label; may be given several times", {Kind::tag}, 't'), Kept::as_field,
     &codec<Tags, &Spec::tags>},
    {flag("replace", "first stop the live run that has this name"), Kept::for_launcher},
    {flag("tail", "then follow the log; Ctrl-C detaches", 'f'), Kept::for_launcher},
    {flag("wait", "then wait, and exit with the status of the run", 'w'), Kept::for_launcher},
    {flag("attach", "give the command a terminal and attach to it, as `attach` does", 'a'),
     Kept::for_launcher},
    {flag("quiet", "print only the id", 'q'), Kept::for_launcher},
    {{"json", 0, Value::optional, "1", "print the record as JSON", false, one_of(json_versions)},
     Kept::on_the_line},
    {single("cwd", "DIR", "the working directory of the command", folder, 'C'), Kept::as_field,
     &codec<Path, &Spec::cwd>},

    {flag("clean-env", "pass on PATH, HOME, USER, LANG and TERM only"), Kept::if_set,
     &codec<Flag, &Spec::environment, &Environment::clean>, "clean_env"},
    {several("unset-env", "NAME", "remove a variable", {Kind::variable}), Kept::if_set,
     &codec<VariableNames, &Spec::environment, &Environment::unset>, "unset_env"},
    {several("env-file", "FILE", "read variables from a file", file), Kept::if_set,
     &codec<Paths, &Spec::environment, &Environment::files>, "env_files"},
    {several("env", "NAME=VALUE", "set a variable; may be given several times", {Kind::assignment}, 'e'),
     Kept::always, &codec<Variables, &Spec::environment>, "env_names", Group::none, Variables::lost},
    {single("stdin", "FILE|open", "read input from FILE (default /dev/null); open: what `send` writes", file),
     Kept::if_set, &codec<InputFile, &Spec::stdin_path>, "stdin"},
    {single("log", "FILE", "append output to FILE, which prune leaves alone", file), Kept::if_set,
     &codec<Path, &Spec::log_path>, "log"},
    {flag("split-log", "write stderr to a log of its own, ID.err"), Kept::as_field,
     &codec<Flag, &Spec::split_log>},
    {{"tty", 0, Value::optional, "COLSxROWS", "give the command a terminal of its own for input and output"},
     Kept::if_set,
     &codec<TerminalSize, &Spec::tty>,
     "tty"},
    {several("keep-fd", "N", "leave this descriptor open for the command", number), Kept::always,
     &codec<CallerDescriptors>, "keep_fds", Group::none, CallerDescriptors::lost},

    {single("umask", "MASK", "the file mode mask, in octal"), Kept::if_set, &codec<Umask, &Spec::umask>,
     "umask"},
    {single("nice", "N", "the niceness, -20 to 19", number), Kept::if_set, &codec<Nice, &Spec::nice>, "nice"},
    {several("rlimit", "NAME=SOFT[:HARD]", "a resource limit, as in nofile=1024", {Kind::rlimit}),
     Kept::if_set, &codec<Rlimits, &Spec::rlimits>, "rlimits"},

    {flag("inherit-signals", "keep the caller's signal settings"), Kept::if_set,
     &codec<FlagOff, &Spec::signals, &sys::SignalSetup::reset>, "inherit_signals"},
    {several("ignore", "SIG", "ignore a signal in the command", signal), Kept::if_set,
     &codec<Signals, &Spec::signals, &sys::SignalSetup::ignore>, "ignore"},
    {several("default", "SIG", "set a signal to its default action in the command", signal), Kept::if_set,
     &codec<Signals, &Spec::signals, &sys::SignalSetup::defaults>, "default"},
    {several("block", "SIG", "block a signal in the command", signal), Kept::if_set,
     &codec<Signals, &Spec::signals, &sys::SignalSetup::block>, "block"},
    {several("unblock", "SIG", "unblock a signal in the command", signal), Kept::if_set,
     &codec<Signals, &Spec::signals, &sys::SignalSetup::unblock>, "unblock"},
    {single("stop-signal", "SIG", "the signal that stop sends first (default TERM)", signal), Kept::as_field,
     &codec<Signal, &Spec::stop_signal>},
    {single("stop-timeout", "TIME", "how long stop waits before it sends SIGKILL (5s)", time), Kept::as_field,
     &codec<Duration, &Spec::stop_timeout>},
    {single("timeout", "TIME", "stop the run after this time", time), Kept::if_set,
     &codec<Duration, &Spec::timeout>, "timeout_ms"},
    // The pauses and limits also serve --watch, --health and `sigmund restart`, without --restart.
    {single("restart", "WHEN", "restart the command: no, on-failure, always or on-exit=N,..",
            one_of(restarts)),
     Kept::leads_group, &codec<Restart, &Spec::restart>, "restart", Group::restart},
    {single("max-restarts", "N", "give up after N restarts without a healthy period", number),
     Kept::leads_group, &codec<NumberFrom<0, INT32_MAX>, &Spec::restart, &RestartPolicy::max_restarts>,
     "max_restarts", Group::restart},
    {single("backoff", "MIN[..MAX]", "the pause before a restart, which doubles (100ms..30s)"),
     Kept::leads_group, &codec<Backoff, &Spec::restart>, "backoff_min_ms", Group::restart},
    {single("restart-window", "TIME", "a command that runs this long counts as healthy (10s)", time),
     Kept::leads_group, &codec<Duration, &Spec::restart, &RestartPolicy::window>, "restart_window_ms",
     Group::restart},
    {several("restart-on", "SIG", "restart when the guardian gets this signal", signal), Kept::if_set,
     &codec<RestartSignals, &Spec::restart_on>, "restart_on"},

    {several("ready", "PROBE",
             "return once it is ready: tcp:PORT, http://HOST:PORT/, log:REGEX, cmd:COMMAND...",
             one_of(probes)),
     Kept::leads_group, &codec<Probes, &Spec::ready>, "ready", Group::ready},
    {single("ready-timeout", "TIME", "how long the run may take to be ready (30s)", time), Kept::with_group,
     &codec<Duration, &Spec::ready_timeout>, "ready_timeout_ms", Group::ready},
    {several("ready-fail", "log:REGEX", "a line that means failure, while the run is not ready yet",
             one_of(failures)),
     Kept::if_set, &codec<FailureLines, &Spec::ready_fail>, "ready_fail", Group::ready},
    {flag("ready-shared", "accept the answer to a probe from any process"), Kept::if_set,
     &codec<Flag, &Spec::ready_shared>, "ready_shared", Group::ready},

    {single("health", "COMMAND", "restart when this shell command keeps failing", command), Kept::leads_group,
     &codec<Text, &Spec::health, &Health::command>, "health", Group::health},
    {single("health-interval", "TIME", "the pause between two checks (5s)", time), Kept::with_group,
     &codec<DurationFrom<100>, &Spec::health, &Health::interval>, "health_interval_ms", Group::health},
    {single("health-timeout", "TIME", "a check that takes longer has failed (5s)", time), Kept::with_group,
     &codec<Duration, &Spec::health, &Health::timeout>, "health_timeout_ms", Group::health},
    {single("health-retries", "N", "how many failures in a row cause a restart (3)", number),
     Kept::with_group, &codec<NumberFrom<1, INT32_MAX>, &Spec::health, &Health::retries>, "health_retries",
     Group::health},
    {single("health-start", "TIME", "failures this soon after a start do not count", time), Kept::with_group,
     &codec<Duration, &Spec::health, &Health::start>, "health_start_ms", Group::health},

    {single("port", "N|auto", "a port for the command, in PORT; auto: sigmund chooses a free one",
            one_of(port_words)),
     Kept::if_set, &codec<PortChoice, &Spec::port>, "port"},
    {single("pool", "N", "keep N copies running, each with its WORKER_ID, 0 to N-1", number), Kept::if_set,
     &codec<Workers, &Spec::pool>, "pool"},

    {several("watch", "PATH", "restart when something in PATH changes", file), Kept::leads_group,
     &codec<WatchedPaths, &Spec::watch, &WatchSpec::paths>, "watch", Group::watch},
    {several("watch-ext", "EXT,..", "watch only files with these endings"), Kept::with_group,
     &codec<Endings, &Spec::watch, &WatchSpec::extensions>, "watch_ext", Group::watch},
    {several("watch-exclude", "PATTERN", "do not watch this folder, nor names that match", folder),
     Kept::with_group, &codec<Excludes, &Spec::watch, &WatchSpec::excludes>, "watch_exclude", Group::watch},
    {single("debounce", "TIME", "restart once nothing has changed for this long (100ms)", time),
     Kept::with_group, &codec<Duration, &Spec::watch, &WatchSpec::debounce>, "debounce_ms", Group::watch},
    {flag("watch-all", "also watch what is hidden or named in a .gitignore"), Kept::if_set,
     &codec<Flag, &Spec::watch, &WatchSpec::all>, "watch_all", Group::watch},
    {single("watch-poll", "TIME", "check this often, where changes are not reported", time), Kept::if_set,
     &codec<DurationFrom<50>, &Spec::watch, &WatchSpec::poll>, "watch_poll_ms", Group::watch},
    {single("watch-signal", "SIG", "send this signal instead of restarting", signal), Kept::if_set,
     &codec<WatchSignal, &Spec::watch, &WatchSpec::signal>, "watch_signal", Group::watch},

    {single("on-exit", "COMMAND", "run this shell command when the run has ended", command), Kept::if_set,
     &codec<Text, &Spec::on_exit>, "on_exit"},
    {single("pid-file", "FILE", "write the process id of the leader to FILE", file), Kept::if_set,
     &codec<Path, &Spec::pid_file>, "pid_file"},
    {several("while", "WHAT", "stop when this ends: pid:N, shell or ttl:TIME", one_of(leases)), Kept::if_set,
     &codec<Leases, &Spec::leases>, "while"},
    {single("log-max-size", "SIZE", "start a new log file at this size", {Kind::size}), Kept::leads_group,
     &codec<LogSize, &Spec::log_max_size>, "log_max_size", Group::log_size},
    {single("log-keep", "N", "how many old log files to keep (1)", number), Kept::with_group,
     &codec<NumberFrom<0, 999>, &Spec::log_keep>, "log_keep", Group::log_size},
    {flag("log-times", "remember when each line was written, for `tail -t`"), Kept::if_set,
     &codec<Flag, &Spec::log_times>, "log_times"},

    {single("survive", "WHAT", "what the run must outlive: step, job (of CI) or login", one_of(spans)),
     Kept::as_field, &codec<OneOf, &Spec::survive>},
    {flag("keep", "do not offer to end it when the shell exits"), Kept::as_field, &codec<Flag, &Spec::keep>},
    {flag("help", "show this help", 'h'), Kept::on_the_line},
};

}  // namespace rows

inline constexpr auto& launch_rows = rows::table;

// The rows as the options of a verb.
inline constexpr auto launch_options = [] {
    std::array<Option, std::size(launch_rows)> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = launch_rows[i].option;
    return out;
}();

// Returns a row by its name, which the compiler knows. Another verb may have an option of the same name.
consteval const LaunchOption& launch_row(std::string_view name) {
    for (const LaunchOption& row : launch_rows)
        if (row.option.name == name) return row;
    throw "there is no such launch option";
}

}  // namespace sigmund::run
