// SPDX-License-Identifier: Apache-2.0
// All that a guardian needs, settled by the launcher before the fork. The guardian splits it into what each
// of its rooms owns. What only few runs need is separate (Extras), so that the others do not pay for it.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "guard/machine.hpp"
#include "guard/ready_look.hpp"
#include "guard/watch.hpp"
#include "run/port_lock.hpp"
#include "run/probe.hpp"
#include "run/store.hpp"
#include "sys/affinity.hpp"
#include "sys/input.hpp"
#include "sys/spare_fds.hpp"
#include "sys/spawn.hpp"
#include "sys/terminal.hpp"

namespace sigmund::guard {

struct HealthPlan {
    std::string command;  // for /bin/sh; exit 0 means healthy. Empty: there are no checks
    Millis interval = 5'000;
    Millis timeout = 5'000;
    int retries = 3;   // failures in a row that count
    Millis start = 0;  // failures this soon after a start do not count
};

struct ReadyPlan {
    std::vector<run::Probe> probes;
    std::vector<std::string> failures;  // expressions: a line that matches one of them means failure
    Millis timeout = 30'000;
    bool shared = false;  // the answer of any process counts
    ReadyLook look;       // what the probes found before the present life began
};

struct Extras {
    ReadyPlan ready;
    sys::Fd notify;           // the socket behind NOTIFY_SOCKET
    std::string notify_file;  // its path when it is a file in the store
    HealthPlan health;
    std::unique_ptr<Watch> watch;
    std::string on_exit;  // for /bin/sh
    std::string pid_file;
    std::vector<sys::Fd> leases;  // pidfds: the run is stopped when the first of these processes ends
    Millis ttl = -1;
    sys::SignalBits restart_on = 0;  // signals to the guardian that start the command again
    std::int64_t log_max_size = 0;   // bytes; 0: there is no limit
    int log_keep = 0;                // the number of rotated logs that stay
    sys::Fd log_folder;              // the folder of the log when the guardian writes it (log_pump.hpp)
    std::string log_name;
    bool log_times = false;                     // the guardian writes the log for its times
    bool prefix_workers = false;                // each line of a pool begins with the number of its worker
    std::optional<sys::TerminalSize> terminal;  // the command gets a terminal
    // The launcher's terminal is attached from the beginning: its stream, and its control connection.
    sys::Fd viewer, viewer_channel;
    bool pumps_log() const { return log_max_size > 0 || log_times || prefix_workers || terminal; }
};

struct Plan {
    explicit Plan(run::Store where) : store(std::move(where)) {}
    run::Store store;
    run::Record record;                                     // complete except for the processes
    std::vector<std::unique_ptr<sys::SpawnPlan>> commands;  // one, or one for each stage of a pipe
    int workers = 0;                                        // the size of a pool, or 0
    Policy policy;
    int stop_signal = SIGTERM;
    Millis timeout = -1;
    std::string stdin_path;  // reopened for a restart; empty: /dev/null
    run::IdLock lock;
    run::PortLock port_lock;  // the ports of the record; empty without --port
    sys::Fd name_lock, listener, log, error_log, stdin_file, cwd;
    sys::Input input;                  // what a stdin that is a FIFO needs besides stdin_file
    std::vector<sys::Fd> worker_logs;  // the logs of a split pool
    sys::Fd reply;                     // to the launcher
    sys::SpareFds spares;              // for moments when there is no other descriptor
    // The guardian shares the memory of the launcher, which calls nothing of the C library any more. The leader
    // then shares it, too, until it executes the command.
    bool shares_memory = false;
    std::unique_ptr<sys::OneProcessor> processor;  // that of a launcher which shares its memory
    std::unique_ptr<Extras> extras;                // null: none of these was asked for
};

// The guardian's one message to the launcher.
struct StartReply {
    bool started = false;
    bool guardian_failed = false;  // the guardian itself failed (fork, the record), not the command
    sys::SpawnStage stage = sys::SpawnStage::exec;
    int error = 0;
    int part = 0;  // the stage of a pipe that could not start
    pid_t pid = 0;
};

// Runs in the guardian after the fork, or in the memory that it shares with the launcher, and never returns.
// Every signal stays blocked here.
[[noreturn]] void run_guardian(Plan plan) noexcept;

}  // namespace sigmund::guard
