// SPDX-License-Identifier: Apache-2.0
// Changing the name, the tags and the shell of a run: through its guardian while that lives, else in its
// record.
#pragma once
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::ops {

// Each of these is done as a whole, or throws Failure with the reason.
void rename(const run::Store& store, const run::Record& record, const std::string& name);
// Adds tags after those that are there, or removes them. Tags that another command changes at the same time
// stay as that leaves them, unless the guardian is of version 0.1.
void change_tags(const run::Store& store, const run::Record& record, const std::vector<std::string>& tags,
                 bool remove);
// The run no longer belongs to the shell that started it.
void leave_shell(const run::Store& store, const run::Record& record);

}  // namespace sigmund::ops
