// SPDX-License-Identifier: Apache-2.0
// The guardian: one small process per run, parent of its leader and subreaper of all it leaves. It sleeps in
// one poll, turns what happens into events for the machine, and carries out the machine's orders. Sole writer
// of its record.
#pragma once
#include <memory>

#include "guard/machine.hpp"
#include "run/store.hpp"
#include "sys/spawn.hpp"

namespace sigmund::guard {

// All a guardian needs, settled by the launcher before the fork.
struct Plan {
    run::Store store;
    run::Record record;  // complete but for the processes
    std::unique_ptr<sys::SpawnPlan> child;
    Policy policy;
    int stop_signal = SIGTERM;
    Millis timeout = -1;
    std::string stdin_path;  // reopened for a restart; empty: /dev/null
    sys::Fd lock, name_lock, listener, log, error_log, stdin_file, cwd;
    sys::Fd reply;  // to the launcher
};

// What the guardian tells the launcher, once.
struct StartReply {
    bool started = false;
    bool guardian_failed =
        false;  // `error` is of the guardian's own doing (fork, the record), not of the command
    sys::SpawnStage stage = sys::SpawnStage::exec;
    int error = 0;
    pid_t pid = 0;
};

// After fork, in the guardian: never returns. `blocked_before` is not needed: every signal stays blocked
// here.
[[noreturn]] void run_guardian(Plan plan) noexcept;

}  // namespace sigmund::guard
