// SPDX-License-Identifier: Apache-2.0
// What was asked, as one would type it.
#pragma once
#include <string>
#include <vector>

#include "run/spec.hpp"

namespace sigmund::run {

// The launch options that make this spec, but for the working folder; those at their default are left out.
std::vector<std::string> spec_words(const Spec& spec);

}  // namespace sigmund::run
