// SPDX-License-Identifier: Apache-2.0
// Changing what people call a run: through its guardian while that lives, else in its record.
#pragma once
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::ops {

// must: each is done as a whole, or throws Failure with the reason.
void rename(const run::Store& store, const run::Record& record, const std::string& name);
// Adds tags, behind those that are there, or takes them away. Others that are changed at the same time stay
// as they are, unless the guardian is of 0.1.
void change_tags(const run::Store& store, const run::Record& record, const std::vector<std::string>& tags,
                 bool remove);
// The run is no longer of the shell that started it.
void leave_shell(const run::Store& store, const run::Record& record);

}  // namespace sigmund::ops
