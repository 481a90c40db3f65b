// SPDX-License-Identifier: Apache-2.0
// What was asked for when a run was started: the launch options as values. Times are in milliseconds.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "run/port.hpp"
#include "run/probe.hpp"
#include "sys/signals.hpp"
#include "sys/spawn.hpp"

namespace sigmund::run {

// How long, in ms, a stop waits between its signal and SIGKILL where nobody says another time.
inline constexpr std::int64_t usual_grace = 5'000;

// How the environment of the command is made. Values are only in memory; the record keeps the names.
struct Environment {
    bool clean = false;              // the command only gets PATH, HOME, USER, LANG and TERM of the caller
    std::vector<std::string> unset;  // names that are removed
    std::vector<std::string> files;  // absolute paths of --env-file
    std::vector<std::string> set;    // NAME=VALUE, in the order given
    // These two belong to a run that is started again from its record.
    std::vector<std::string> lost;  // names of variables that were set to values that are not known any more
    std::uint64_t path_hash = 0;    // path_hash() at the recorded start; 0: it is not known
};

enum class RestartWhen : std::uint8_t { no, on_failure, always, on_exit };

struct RestartPolicy {
    RestartWhen when = RestartWhen::no;
    std::vector<int> codes;  // for on_exit
    int max_restarts = -1;   // -1: there is no limit
    std::int64_t backoff_min = 100;
    std::int64_t backoff_max = 30'000;
    std::int64_t window = 10'000;  // a life longer than this resets the count of restarts and the pauses
};

struct Health {
    std::string command;  // for /bin/sh; empty: there are no checks
    std::int64_t interval = 5'000;
    std::int64_t timeout = 5'000;
    int retries = 3;
    std::int64_t start = 0;
};

// What a run has from the template that `up` started it from.
struct FromTemplate {
    std::string name;                  // of the template; empty: the run has none
    std::vector<std::string> depends;  // the templates that it depends on, over others, too
    bool once = false;                 // a step: it does its work, and ends
    std::string stated;                // what the template states, as a JSON object (stack/differences)
    std::string up;                    // the process that started it, as PID.START
};

// The value of --stdin for an input that stays open, so that `sigmund send` can write to it.
inline constexpr std::string_view open_input = "open";

// The value of --tty without a size.
inline constexpr std::string_view own_tty = "auto";

struct Spec {
    std::vector<std::string> argv;
    std::string name;
    std::vector<std::string> tags;
    std::string cwd;          // absolute
    std::string project;      // absolute; as in Project::folder
    bool in_project = false;  // the project exists, and the name is one of its names
    Environment environment;
    std::string stdin_path;  // absolute, or open_input; empty: /dev/null
    std::string log_path;    // empty: the store's ID.log
    bool split_log = false;
    std::string tty;  // a terminal: its size as COLUMNSxROWS, or own_tty for that of the caller; empty: none
    std::vector<int> keep_fds;
    std::vector<int> lost_fds;  // for a run that is started again: the numbers that --keep-fd had then
    std::optional<mode_t> umask;
    std::optional<int> nice;
    std::vector<sys::RlimitSetting> rlimits;
    sys::SignalSetup signals;
    int stop_signal = SIGTERM;
    std::int64_t stop_timeout = usual_grace;
    std::int64_t timeout = -1;  // -1: there is none
    bool keep = false;
    std::string survive = "step";
    RestartPolicy restart;
    sys::SignalBits restart_on = 0;  // signals to the guardian that start the command again
    std::vector<std::string> ready;  // probes, as given
    std::int64_t ready_timeout = 30'000;
    std::vector<std::string> ready_fail;  // log:REGEX, as given; any of them means that it failed
    bool ready_shared = false;            // the answer to a probe may come from any process
    Health health;
    Port port;                                     // exported as PORT; a pool has one more for each worker
    int pool = 0;                                  // the number of workers; 0: the run is not a pool
    std::vector<std::vector<std::string>> stages;  // of a pipe: at least two; argv has them joined by "|"
    WatchSpec watch;
    std::string on_exit;              // for /bin/sh
    std::string pid_file;             // absolute
    std::vector<std::string> leases;  // --while, as given
    std::int64_t log_max_size = 0;    // bytes; 0: there is no limit
    int log_keep = 1;                 // the number of rotated logs that stay
    bool log_times = false;           // the guardian writes the log, and when each part was written
    FromTemplate from;
};

// rlimit_resource() returns the resource with this name in getrlimit(2), without the prefix RLIMIT_ and in
// any case ("nofile", "CORE"), or nothing when there is none. rlimit_name() is the way back.
std::optional<int> rlimit_resource(std::string_view name);
std::string rlimit_name(int resource);
// Reads NAME=SOFT[:HARD]: numbers, sizes (64K) or "unlimited". Without HARD both limits are set. Returns
// nothing when the text does not have this form.
std::optional<sys::RlimitSetting> parse_rlimit(std::string_view text);

}  // namespace sigmund::run
