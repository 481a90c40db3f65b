// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "run/view.hpp"

namespace sigmund::ops {

// Returns the live runs that were given a port (--port). Only the records of runs that may be live are read.
std::vector<run::Judged> live_runs_with_ports(const run::View& view);
// The same for those whose guardian is gone, and with it their reservation. They still have their ports.
std::vector<run::Judged> unguarded_runs_with_ports(const run::View& view);

}  // namespace sigmund::ops
