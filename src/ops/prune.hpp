// SPDX-License-Identifier: Apache-2.0
// Removes finished runs and leftovers of crashes: records, logs and the rest. Nothing is removed while its
// lock is held.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

struct PruneRequest {
    bool everything = false;  // without targets: every finished or stale run, and leftovers of crashes
    std::vector<run::Judged> targets;
    std::optional<sys::Millis> older_than;  // ms since its end (or its start, if the end is unknown)
    int keep = 0;                           // how many of the newest finished runs stay
    bool dry_run = false;
    // Also removes records of another host or PID namespace, and runs whose result cannot be written because
    // the disk is full.
    bool force = false;
};

struct PruneOutcome {
    std::vector<std::string> removed;  // ids of runs
    std::vector<std::string> swept;    // ids that had leftovers, but no record
    struct Left {
        std::string id;
        std::string why;
        bool always_told = false;  // told even when the run was not named
    };
    std::vector<Left> left;  // runs that stay, and why
    int failed = 0;          // errno of the first removal that failed; 0: none
};

PruneOutcome prune(const run::View& view, const PruneRequest& request);

}  // namespace sigmund::ops
