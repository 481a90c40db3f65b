// SPDX-License-Identifier: Apache-2.0
// What was asked of a run: the launch options as values. Times are milliseconds.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "run/probe.hpp"
#include "sys/signals.hpp"
#include "sys/spawn.hpp"

namespace sigmund::run {

// How the child's environment comes about. Values live only in memory; the record keeps the names.
struct Environment {
    bool clean = false;              // start from CLEAN_NAMES only
    std::vector<std::string> unset;  // names removed
    std::vector<std::string> files;  // --env-file, absolute paths
    std::vector<std::string> set;    // K=V, in order
    std::vector<std::string> lost;   // names set for the run that this one repeats, without their values
};

enum class RestartWhen : std::uint8_t { no, on_failure, always, on_exit };

struct RestartPolicy {
    RestartWhen when = RestartWhen::no;
    std::vector<int> codes;  // for on_exit
    int max_restarts = -1;   // -1: no limit
    std::int64_t backoff_min = 100;
    std::int64_t backoff_max = 30'000;
    std::int64_t window = 10'000;  // a life longer than this resets the count and the back-off
};

struct Health {
    std::string command;  // for /bin/sh; empty: no checks
    std::int64_t interval = 5'000;
    std::int64_t timeout = 5'000;
    int retries = 3;
    std::int64_t start = 0;
};

struct Spec {
    std::vector<std::string> argv;
    std::string name;
    std::vector<std::string> tags;
    std::string cwd;      // absolute
    std::string project;  // absolute
    std::string shell;    // "PID.START" of the shell session, or empty
    Environment environment;
    std::string stdin_path;  // empty: /dev/null
    std::string log_path;    // empty: the store's ID.log
    bool split_log = false;
    std::vector<int> keep_fds;
    std::vector<int> lost_fds;  // --keep-fd of the run that this one repeats
    std::optional<mode_t> umask;
    std::optional<int> nice;
    std::vector<sys::RlimitSetting> rlimits;
    sys::SignalSetup signals;
    int stop_signal = SIGTERM;
    std::int64_t stop_timeout = 5'000;
    std::int64_t timeout = -1;  // -1: none
    bool keep = false;
    std::string survive = "step";
    RestartPolicy restart;
    sys::SignalBits restart_on = 0;  // signals to the guardian that start the command again
    std::vector<std::string> ready;  // probes, as given
    std::int64_t ready_timeout = 30'000;
    bool ready_shared = false;  // a probe counts whoever answers it
    Health health;
    int pool = 0;                                  // workers; 0: no pool
    std::vector<std::vector<std::string>> stages;  // of a pipe, two at least; argv holds them joined by "|"
    WatchSpec watch;
    std::string on_exit;              // for /bin/sh
    std::string pid_file;             // absolute
    std::vector<std::string> leases;  // --while, as given
    std::int64_t log_max_size = 0;    // bytes; 0: no cap
    int log_keep = 1;                 // rotated logs that stay
};

// RLIMIT_* by its name in getrlimit(2) without the prefix, any case ("nofile", "CORE").
std::optional<int> rlimit_resource(std::string_view name);
std::string rlimit_name(int resource);
// ask: NAME=SOFT[:HARD]; numbers, sizes (64K) or "unlimited"; without HARD both are set.
std::optional<sys::RlimitSetting> parse_rlimit(std::string_view text);

// The nearest folder from `cwd` upwards that holds sigmund.toml or .git; else cwd.
std::string find_project(const std::string& cwd);

}  // namespace sigmund::run
