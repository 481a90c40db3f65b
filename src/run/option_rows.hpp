// SPDX-License-Identifier: Apache-2.0
// The table of launch options. A new option is a row here, a field of Spec, the place that acts on it, and a
// few words in man/sigmund-run.1 (then scripts/gen-man). Parsing, records, `again`, configuration, help and
// completion read this table, and tests/unit/run/options_test.cpp tries every row.
#pragma once
#include <array>

#include "run/option_kinds_supervision.hpp"

namespace sigmund::run {

// Whether a record keeps what was asked for, so that the run can be started again. The options of a record are
// a JSON object in the order of the rows.
enum class Kept : std::uint8_t {
    on_the_line,   // no: it only makes sense on one command line
    for_launcher,  // no: only the launcher acts on it
    as_field,      // a field of the record itself has it (keep_spec and read_spec in run/record_options.cpp)
    if_set,        // when it is not the default; of a group, when the group is kept
    leads_group,   // with its group, which is kept when one of those that lead it is not the default
    with_group,    // with its group, even if it is the default
    always,
};

// Options that mean nothing, or not all, without one another.
enum class Group : std::uint8_t { none, restart, ready, health, watch, log_size };

struct LaunchOption {
    Option option;
    Kept kept;
    const Codec* codec = nullptr;  // of what only the launcher acts on: none
    const char* key = nullptr;     // the first one, where the codec writes several
    Group group = Group::none;
    // Of what a record cannot keep: what a spec lacks that was read from one, a sentence each.
    std::vector<std::string> (*lost)(const Spec&) = nullptr;
};

namespace rows {

inline constexpr Choice json_versions[] = {{"1", "the version of the format"}};
inline constexpr Choice restarts[] = {{"no", "never"},
                                      {"on-failure", "after a failure"},
                                      {"always", "after every end"},
                                      {"on-exit=", "after these exit statuses, as in on-exit=129,75"}};
inline constexpr Choice probes[] = {{"tcp:", "[HOST:]PORT accepts connections"},
                                    {"unix:", "a socket accepts connections"},
                                    {"file:", "a file has been made"},
                                    {"log:", "a line of the log matches this expression"},
                                    {"http://localhost:", "a server answers"},
                                    {"cmd:", "a shell command exits 0"},
                                    {"notify", "the command reports it by sd_notify(3)"}};
inline constexpr Choice leases[] = {
    {"pid:", "a process"}, {"shell", "the shell that starts the run"}, {"ttl:", "a time"}};
inline constexpr Choice spans[] = {{"step", "the step of a job"},
                                   {"job", "the job of a CI system"},
                                   {"login", "the user's last login session"}};

inline constexpr Choices file{Kind::file}, folder{Kind::folder}, number{Kind::number}, time{Kind::duration},
    signal{Kind::signal}, command{Kind::command};

}  // namespace rows

inline constexpr LaunchOption launch_rows[] = {
    {{"name",
      'n',
      Value::required,
      "NAME",
      "a name for the run; a name has at most one live run",
      false,
      {Kind::name}},
     Kept::as_field,
     &codec<kinds::Name, &Spec::name>},
    {{"tag", 't', Value::required, "TAG", "a label; may be given several times", true, {Kind::tag}},
     Kept::as_field,
     &codec<kinds::Tags, &Spec::tags>},
    {{"replace", 0, Value::none, "", "first stop the live run that has this name"}, Kept::for_launcher},
    {{"tail", 'f', Value::none, "", "then follow the log; Ctrl-C detaches"}, Kept::for_launcher},
    {{"wait", 'w', Value::none, "", "then wait, and exit with the status of the run"}, Kept::for_launcher},
    {{"quiet", 'q', Value::none, "", "print only the id"}, Kept::for_launcher},
    {{"json", 0, Value::optional, "1", "print the record as JSON", false, one_of(rows::json_versions)},
     Kept::on_the_line},
    {{"cwd", 'C', Value::required, "DIR", "the working directory of the command", false, rows::folder},
     Kept::as_field,
     &codec<kinds::Path, &Spec::cwd>},

    {{"clean-env", 0, Value::none, "", "pass on PATH, HOME, USER, LANG and TERM only"},
     Kept::if_set,
     &codec<kinds::Flag, &Spec::environment, &Environment::clean>,
     "clean_env"},
    {{"unset-env", 0, Value::required, "NAME", "remove a variable", true, {Kind::variable}},
     Kept::if_set,
     &codec<kinds::VariableNames, &Spec::environment, &Environment::unset>,
     "unset_env"},
    {{"env-file", 0, Value::required, "FILE", "read variables from a file", true, rows::file},
     Kept::if_set,
     &codec<kinds::Paths, &Spec::environment, &Environment::files>,
     "env_files"},
    {{"env",
      'e',
      Value::required,
      "NAME=VALUE",
      "set a variable; may be given several times",
      true,
      {Kind::assignment}},
     Kept::always,
     &codec<kinds::Variables, &Spec::environment>,
     "env_names",
     Group::none,
     kinds::Variables::lost},
    {{"stdin", 0, Value::required, "FILE", "read input from FILE (default /dev/null)", false, rows::file},
     Kept::if_set,
     &codec<kinds::Path, &Spec::stdin_path>,
     "stdin"},
    {{"log", 0, Value::required, "FILE", "append output to FILE, which prune leaves alone", false,
      rows::file},
     Kept::if_set,
     &codec<kinds::Path, &Spec::log_path>,
     "log"},
    {{"split-log", 0, Value::none, "", "write stderr to a log of its own, ID.err"},
     Kept::as_field,
     &codec<kinds::Flag, &Spec::split_log>},
    {{"umask", 0, Value::required, "MASK", "the file mode mask, in octal"},
     Kept::if_set,
     &codec<kinds::Umask, &Spec::umask>,
     "umask"},
    {{"nice", 0, Value::required, "N", "the niceness, -20 to 19", false, rows::number},
     Kept::if_set,
     &codec<kinds::Nice, &Spec::nice>,
     "nice"},
    {{"rlimit",
      0,
      Value::required,
      "NAME=SOFT[:HARD]",
      "a resource limit, as in nofile=1024",
      true,
      {Kind::rlimit}},
     Kept::if_set,
     &codec<kinds::Rlimits, &Spec::rlimits>,
     "rlimits"},

    {{"inherit-signals", 0, Value::none, "", "keep the caller's signal settings"},
     Kept::if_set,
     &codec<kinds::FlagOff, &Spec::signals, &sys::SignalSetup::reset>,
     "inherit_signals"},
    {{"ignore", 0, Value::required, "SIG", "ignore a signal in the command", true, rows::signal},
     Kept::if_set,
     &codec<kinds::Signals, &Spec::signals, &sys::SignalSetup::ignore>,
     "ignore"},
    {{"default", 0, Value::required, "SIG", "set a signal to its default action in the command", true,
      rows::signal},
     Kept::if_set,
     &codec<kinds::Signals, &Spec::signals, &sys::SignalSetup::defaults>,
     "default"},
    {{"block", 0, Value::required, "SIG", "block a signal in the command", true, rows::signal},
     Kept::if_set,
     &codec<kinds::Signals, &Spec::signals, &sys::SignalSetup::block>,
     "block"},
    {{"unblock", 0, Value::required, "SIG", "unblock a signal in the command", true, rows::signal},
     Kept::if_set,
     &codec<kinds::Signals, &Spec::signals, &sys::SignalSetup::unblock>,
     "unblock"},
    {{"stop-signal", 0, Value::required, "SIG", "the signal that stop sends first (default TERM)", false,
      rows::signal},
     Kept::as_field,
     &codec<kinds::Signal, &Spec::stop_signal>},
    {{"stop-timeout", 0, Value::required, "TIME", "how long stop waits before it sends SIGKILL (5s)", false,
      rows::time},
     Kept::as_field,
     &codec<kinds::Duration, &Spec::stop_timeout>},
    {{"timeout", 0, Value::required, "TIME", "stop the run after this time", false, rows::time},
     Kept::if_set,
     &codec<kinds::Duration, &Spec::timeout>,
     "timeout_ms"},
    {{"keep-fd", 0, Value::required, "N", "leave this descriptor open for the command", true, rows::number},
     Kept::always,
     &codec<kinds::CallerDescriptors>,
     "keep_fds",
     Group::none,
     kinds::CallerDescriptors::lost},

    // The pauses and limits also serve --watch, --health and `sigmund restart`, without --restart.
    {{"restart", 0, Value::required, "WHEN", "restart the command: no, on-failure, always or on-exit=N,..",
      false, one_of(rows::restarts)},
     Kept::leads_group,
     &codec<kinds::Restart, &Spec::restart>,
     "restart",
     Group::restart},
    {{"max-restarts", 0, Value::required, "N", "give up after N restarts without a healthy life", false,
      rows::number},
     Kept::leads_group,
     &codec<kinds::NumberFrom<0, INT32_MAX>, &Spec::restart, &RestartPolicy::max_restarts>,
     "max_restarts",
     Group::restart},
    {{"backoff", 0, Value::required, "MIN[..MAX]", "the pause before a restart, which doubles (100ms..30s)",
      false, rows::time},
     Kept::leads_group,
     &codec<kinds::Backoff, &Spec::restart>,
     "backoff_min_ms",
     Group::restart},
    {{"restart-window", 0, Value::required, "TIME", "a life of this length counts as healthy (10s)", false,
      rows::time},
     Kept::leads_group,
     &codec<kinds::Duration, &Spec::restart, &RestartPolicy::window>,
     "restart_window_ms",
     Group::restart},
    {{"restart-on", 0, Value::required, "SIG", "restart when the guardian gets this signal", true,
      rows::signal},
     Kept::if_set,
     &codec<kinds::RestartSignals, &Spec::restart_on>,
     "restart_on"},

    {{"ready", 0, Value::required, "PROBE", "return when the run is ready: tcp:PORT, log:REGEX...", true,
      one_of(rows::probes)},
     Kept::leads_group,
     &codec<kinds::Probes, &Spec::ready>,
     "ready",
     Group::ready},
    {{"ready-timeout", 0, Value::required, "TIME", "how long the run may take to be ready (30s)", false,
      rows::time},
     Kept::with_group,
     &codec<kinds::Duration, &Spec::ready_timeout>,
     "ready_timeout_ms",
     Group::ready},
    {{"ready-shared", 0, Value::none, "", "accept the answer to a probe from any process"},
     Kept::if_set,
     &codec<kinds::Flag, &Spec::ready_shared>,
     "ready_shared",
     Group::ready},

    {{"health", 0, Value::required, "COMMAND", "restart when this shell command keeps failing", false,
      rows::command},
     Kept::leads_group,
     &codec<kinds::Text, &Spec::health, &Health::command>,
     "health",
     Group::health},
    {{"health-interval", 0, Value::required, "TIME", "the pause between two checks (5s)", false, rows::time},
     Kept::with_group,
     &codec<kinds::DurationFrom<100>, &Spec::health, &Health::interval>,
     "health_interval_ms",
     Group::health},
    {{"health-timeout", 0, Value::required, "TIME", "a check that takes longer has failed (5s)", false,
      rows::time},
     Kept::with_group,
     &codec<kinds::Duration, &Spec::health, &Health::timeout>,
     "health_timeout_ms",
     Group::health},
    {{"health-retries", 0, Value::required, "N", "how many failures in a row cause a restart (3)", false,
      rows::number},
     Kept::with_group,
     &codec<kinds::NumberFrom<1, INT32_MAX>, &Spec::health, &Health::retries>,
     "health_retries",
     Group::health},
    {{"health-start", 0, Value::required, "TIME", "failures this soon after a start do not count", false,
      rows::time},
     Kept::with_group,
     &codec<kinds::Duration, &Spec::health, &Health::start>,
     "health_start_ms",
     Group::health},

    {{"pool", 0, Value::required, "N", "keep N copies running, each with its WORKER_ID, 0 to N-1", false,
      rows::number},
     Kept::if_set,
     &codec<kinds::Workers, &Spec::pool>,
     "pool"},

    {{"watch", 0, Value::required, "PATH", "restart when something in PATH changes", true, rows::file},
     Kept::leads_group,
     &codec<kinds::WatchedPaths, &Spec::watch, &WatchSpec::paths>,
     "watch",
     Group::watch},
    {{"watch-ext", 0, Value::required, "EXT,..", "watch only files with these endings", true},
     Kept::with_group,
     &codec<kinds::Endings, &Spec::watch, &WatchSpec::extensions>,
     "watch_ext",
     Group::watch},
    {{"watch-exclude", 0, Value::required, "PATTERN", "do not watch this folder, nor names that match", true,
      rows::folder},
     Kept::with_group,
     &codec<kinds::Excludes, &Spec::watch, &WatchSpec::excludes>,
     "watch_exclude",
     Group::watch},
    {{"debounce", 0, Value::required, "TIME", "restart once nothing has changed for this long (100ms)", false,
      rows::time},
     Kept::with_group,
     &codec<kinds::Duration, &Spec::watch, &WatchSpec::debounce>,
     "debounce_ms",
     Group::watch},
    {{"watch-all", 0, Value::none, "", "also watch what is hidden or named in a .gitignore"},
     Kept::if_set,
     &codec<kinds::Flag, &Spec::watch, &WatchSpec::all>,
     "watch_all",
     Group::watch},
    {{"watch-poll", 0, Value::required, "TIME", "look this often, where no event reports changes", false,
      rows::time},
     Kept::if_set,
     &codec<kinds::DurationFrom<50>, &Spec::watch, &WatchSpec::poll>,
     "watch_poll_ms",
     Group::watch},
    {{"watch-signal", 0, Value::required, "SIG", "send this signal instead of restarting", false,
      rows::signal},
     Kept::if_set,
     &codec<kinds::WatchSignal, &Spec::watch, &WatchSpec::signal>,
     "watch_signal",
     Group::watch},

    {{"on-exit", 0, Value::required, "COMMAND", "run this shell command when the run has ended", false,
      rows::command},
     Kept::if_set,
     &codec<kinds::Text, &Spec::on_exit>,
     "on_exit"},
    {{"pid-file", 0, Value::required, "FILE", "write the process id of the leader to FILE", false,
      rows::file},
     Kept::if_set,
     &codec<kinds::Path, &Spec::pid_file>,
     "pid_file"},
    {{"while", 0, Value::required, "WHAT", "stop when this ends: pid:N, shell or ttl:TIME", true,
      one_of(rows::leases)},
     Kept::if_set,
     &codec<kinds::Leases, &Spec::leases>,
     "while"},
    {{"log-max-size", 0, Value::required, "SIZE", "start a new log file at this size", false, {Kind::size}},
     Kept::leads_group,
     &codec<kinds::LogSize, &Spec::log_max_size>,
     "log_max_size",
     Group::log_size},
    {{"log-keep", 0, Value::required, "N", "how many old log files to keep (1)", false, rows::number},
     Kept::with_group,
     &codec<kinds::NumberFrom<0, 999>, &Spec::log_keep>,
     "log_keep",
     Group::log_size},

    {{"survive", 0, Value::required, "WHAT", "what the run must outlive: step, job (of CI) or login", false,
      one_of(rows::spans)},
     Kept::as_field,
     &codec<kinds::OneOf, &Spec::survive>},
    {{"keep", 0, Value::none, "", "do not offer to end it when the shell exits"},
     Kept::as_field,
     &codec<kinds::Flag, &Spec::keep>},
    {{"help", 'h', Value::none, "", "show this help"}, Kept::on_the_line},
};

// The rows as the options of a verb.
inline constexpr auto launch_options = [] {
    std::array<Option, std::size(launch_rows)> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = launch_rows[i].option;
    return out;
}();

// A row by its name, where the compiler knows the name: another verb may have the same option.
consteval const LaunchOption& launch_row(std::string_view name) {
    for (const LaunchOption& row : launch_rows)
        if (row.option.name == name) return row;
    throw "there is no such launch option";
}

}  // namespace sigmund::run
