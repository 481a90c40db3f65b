// SPDX-License-Identifier: Apache-2.0
// One deed on a run that lives: a signal, a pause, a resumption, a restart.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/suspects.hpp"
#include "run/failure.hpp"
#include "run/outcome.hpp"
#include "run/reach.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

struct Deed {
    enum class Kind : std::uint8_t { signal, pause, resume, restart };
    Kind kind = Kind::signal;
    int signal = 0;                         // of a signal
    run::Reach reach = run::Reach::group;   // of a signal
    std::optional<sys::Millis> grace = {};  // of a restart; nothing: the run's own
};

struct DeedOutcome {
    run::Outcome outcome;  // done, not_running, refused, denied, failed, or no_guardian (restart)
    std::string why = {};
    run::Exit exit = run::Exit::done;
    pid_t pid = 0;                       // of a restart: the new leader
    std::vector<Suspect> suspects = {};  // those that may be of the run and were not reached
};

// By its guardian; where that is gone, process by process.
DeedOutcome perform(const run::View& view, const run::Judged& run, const Deed& deed);

}  // namespace sigmund::ops
