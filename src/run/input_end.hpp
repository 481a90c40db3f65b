// SPDX-License-Identifier: Apache-2.0
// Many watchers end when their input ends, and without --stdin it ends at once.
#pragma once
#include "run/record.hpp"

namespace sigmund::run {

// Returns whether a finished run may have ended for this reason: it succeeded without being told to end, its
// stdin was /dev/null, and its name or a word of its command says watch or dev. The record must be read in full.
bool may_have_ended_with_its_input(const Record& record);

}  // namespace sigmund::run
