// SPDX-License-Identifier: Apache-2.0
// Compares the present with the record of a run that is to be started once more.
#pragma once
#include <string>
#include <vector>

#include "run/record.hpp"

namespace sigmund::ops {

// Returns one sentence for each difference between the recorded start and a start of `spec` now. With none,
// the run would be started exactly as before, as far as can be known. The values of variables are never
// recorded: those given by --env are missing unless `spec` has them again.
std::vector<std::string> differences(const run::Record& record, const run::Spec& spec);

}  // namespace sigmund::ops
