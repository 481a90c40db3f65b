// SPDX-License-Identifier: Apache-2.0
// Turns a spec into everything that its guardian needs: the commands to execute, and the parts of
// supervision. Everything is opened and checked before anything runs.
#pragma once
#include <string>
#include <vector>

#include "guard/plan.hpp"
#include "run/spec.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

// Adds the command, or every stage of a pipe. The descriptors and the record of the plan must be set.
void plan_commands(guard::Plan& plan, const run::Spec& spec, std::vector<std::string> environment);

// Adds restarts, readiness, health checks, the pool, watching, leases and log rotation. `replaced` is the
// leader of the run that this one replaces, or 0. Throws run::Failure.
void plan_supervision(guard::Plan& plan, const run::Spec& spec, pid_t replaced);

// Returns the living processes of a run at this moment.
std::vector<pid_t> processes_of(const run::View& view, const run::Record& record);

// Throws run::Failure (125, port_taken) when another process listens where --ready expects the command.
// `replaced` is the run that ends before this one begins: its listeners do not matter.
void check_readiness(const run::View& view, guard::Plan& plan, const run::Spec& spec,
                     const std::optional<run::Record>& replaced);

}  // namespace sigmund::ops
