// SPDX-License-Identifier: Apache-2.0
// Ends the runs of a project that came from templates, as their records say: the configuration is not read.
#pragma once
#include <string>
#include <vector>

#include "ops/stop.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

// Returns the live runs of the project that were started from templates, those that depend on others before these.
// `names`, if not empty, are those of the templates or the runs. The ids of records that cannot be read are added to
// `unread`: it is unknown what they are.
std::vector<run::Judged> template_runs(const run::View& view, const std::string& project,
                                       const std::vector<std::string>& names,
                                       std::vector<std::string>* unread = nullptr);

// Returns the live runs of the project that depend on this template, over others, too.
std::vector<run::Record> needing(const run::View& view, const std::string& project, const std::string& name);

// Returns for each of these runs the numbers of those that depend on it, over others, too, as they were recorded. Runs
// that depend on each other in a circle, as after a change of the configuration, do not count as dependent.
std::vector<std::vector<std::size_t>> dependents_of(const std::vector<run::Judged>& runs);

}  // namespace sigmund::ops
