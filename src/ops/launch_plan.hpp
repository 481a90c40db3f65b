// SPDX-License-Identifier: Apache-2.0
// From a spec to what its guardian needs: the commands to execute, and the means of supervision, opened or
// checked before anything runs.
#pragma once
#include <string>
#include <vector>

#include "guard/plan.hpp"
#include "run/spec.hpp"

namespace sigmund::ops {

// The command, or of a pipe every stage; descriptors and record of the plan are set.
void plan_commands(guard::Plan& plan, const run::Spec& spec, std::vector<std::string> environment);

// Restart, readiness, health, pool, watch, leases, log rotation. `replaced`: the leader of the run that this
// one replaces, or 0. Throws run::Failure; nothing runs then.
void plan_supervision(guard::Plan& plan, const run::Spec& spec, pid_t replaced);

// Throws run::Failure (125, port_taken) when another process listens where --ready expects the command.
// `replaced`: the run that ends before this one begins, whose listeners do not stand in the way.
void check_readiness(guard::Plan& plan, const run::Spec& spec, const std::optional<run::Record>& replaced);

}  // namespace sigmund::ops
