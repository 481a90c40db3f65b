// SPDX-License-Identifier: Apache-2.0
// Performs one operation on a live run: a signal, a pause, a resume or a restart.
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
    int signal = 0;                         // for a signal
    run::Reach reach = run::Reach::group;   // for a signal
    std::optional<sys::Millis> grace = {};  // ms, for a restart; empty: the run's own
};

struct DeedOutcome {
    run::Outcome outcome;  // done, not_running, refused, denied, failed, or no_guardian (restart)
    std::string why = {};
    run::Exit exit = run::Exit::done;
    pid_t pid = 0;                       // of the new leader, after a restart
    std::vector<Suspect> suspects = {};  // processes that may belong to the run and were not reached
};

// Performs it through the guardian, or, when that is gone, on each process of the run. Returns what became of
// it.
DeedOutcome perform(const run::View& view, const run::Judged& run, const Deed& deed);

}  // namespace sigmund::ops
