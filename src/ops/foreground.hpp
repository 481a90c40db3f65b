// SPDX-License-Identifier: Apache-2.0
// Runs a foreground command as a shell would, and ends it when one of the runs that it needs ends.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/view.hpp"
#include "sys/process.hpp"

namespace sigmund::ops {

struct GuardOutcome {
    sys::ExitStatus status;  // of the command
    int passed_on = 0;       // the last signal that this process got and passed on to the command; 0: none
    // The run that ended first; then the command was interrupted or never started.
    std::optional<std::size_t> ended;
    sys::ExitStatus run_status;  // of that run
};

// Calls `tell` when a run has ended, with that run and whether the command had been started. Throws
// run::Failure when the command cannot be executed (126, 127).
GuardOutcome run_guarded(const run::View& view, const std::vector<run::Judged>& runs,
                         const std::vector<std::string>& command,
                         const std::function<void(std::size_t, bool)>& tell);

}  // namespace sigmund::ops
