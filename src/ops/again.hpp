// SPDX-License-Identifier: Apache-2.0
// Starting a recorded run once more: what differs now from what its record knows.
#pragma once
#include <string>
#include <vector>

#include "run/record.hpp"

namespace sigmund::ops {

// One sentence for each difference. When there is none it would be started exactly as it was, as far as can
// be told. Values of variables are never recorded: those given by --env are missing unless `spec` has them
// again.
std::vector<std::string> differences(const run::Record& record, const run::Spec& spec);

}  // namespace sigmund::ops
