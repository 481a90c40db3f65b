// SPDX-License-Identifier: Apache-2.0
// The environment of a run's command, made from the caller's environment and the launch options.
#pragma once
#include <string>
#include <vector>

#include "run/spec.hpp"

namespace sigmund::ops {

// Returns what the run's own options set, as NAME=VALUE in the order in which it applies: first the environment
// files, then --env. Throws Failure for an unreadable or invalid environment file.
std::vector<std::string> own_assignments(const run::Environment& environment);

// Returns the caller's environment with the changes of the spec, without the variables that sigmund sets for
// each run. `assignments` are its own_assignments().
std::vector<std::string> build_environment(const run::Environment& environment,
                                           const std::vector<std::string>& assignments);

// Returns what is in an environment file, as it is. Throws Failure for an unreadable one.
std::string environment_file(const std::string& path);

}  // namespace sigmund::ops
