// SPDX-License-Identifier: Apache-2.0
// What `up` finds before it starts anything: which runs of the templates live, and whether a step was done.
#pragma once
#include <map>
#include <string>

#include "ops/up.hpp"

namespace sigmund::ops {

// Returns the name of the task's run in its scope.
run::ScopedName scoped_name(const UpRequest& request, std::size_t task);

// Returns by template the ids of the live runs of a project that have another name than their template, as after a
// rename.
std::map<std::string, std::string> renamed_runs(const run::View& view, const std::string& project);

// Returns whether this run of a step, which is over, counts: it has succeeded, and nobody has ended it.
bool was_done(const run::Record& record);
// The same, if its template has not changed since.
bool step_counts(const UpTask& task, const run::Record& last);

}  // namespace sigmund::ops
