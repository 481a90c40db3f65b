// SPDX-License-Identifier: Apache-2.0
// The environment of a run's command, from the caller's and the launch options.
#pragma once
#include <string>
#include <vector>

#include "run/spec.hpp"

namespace sigmund::ops {

// The caller's environment, changed as the spec says, without the run's own variables. Throws Failure for a
// bad file.
std::vector<std::string> build_environment(const run::Environment& environment);

}  // namespace sigmund::ops
