// SPDX-License-Identifier: Apache-2.0
// Removing what is over: records, logs, and what a crash left. Nothing is removed while its lock is held.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

struct PruneRequest {
    bool everything = false;  // no targets given: every finished or stale run, and what crashes left
    std::vector<run::Judged> targets;
    std::optional<sys::Millis> older_than;  // since its end (or its start, when that is unknown)
    int keep = 0;                           // so many of the newest finished ones stay
    bool dry_run = false;
    // Also records of another host or PID namespace, and runs whose result waits for room on a full disk.
    bool force = false;
};

struct PruneOutcome {
    std::vector<std::string> removed;  // ids of runs
    std::vector<std::string> swept;    // ids of which only litter was left
    struct Left {
        std::string id;
        std::string why;
        bool always_told = false;  // also when it was not named
    };
    std::vector<Left> left;  // named targets that stay, and why
    int failed = 0;          // errno of the first removal that failed; 0: none
};

PruneOutcome prune(const run::View& view, const PruneRequest& request);

}  // namespace sigmund::ops
