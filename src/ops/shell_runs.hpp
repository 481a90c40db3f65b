// SPDX-License-Identifier: Apache-2.0
// The runs of one shell session: STORE/shells/PID.START holds run.ID for each that lives, and done.ID for
// each that has ended and has not been told of. What is written there is never read: the names are all.
#pragma once
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::ops {

// Those that live and were not started with --keep, oldest first. Marks of runs that are no more are removed.
std::vector<run::Record> live_runs_of_shell(const run::Store& store, const std::string& shell);
// Those that have ended since the last call; their marks are removed, and the folder once it is empty.
std::vector<run::Record> take_ended_runs(const run::Store& store, const std::string& shell);
// No notice for what this shell has itself just stopped or waited for.
void forget_notice(const run::Store& store, const run::Record& record);
// The same for a shell that exits: no prompt of its will tell of anything.
void drop_notice(const run::Store& store, const run::Record& record);
// Marks and folders that closed shells left, save those of live runs: while one is there, new shells look for
// orphans.
void sweep_closed_shells(const run::Store& store);
// The run stays when its shell exits, and belongs to none from now on.
void release_from_shell(const run::Store& store, const run::Record& record);
// Live runs whose shell is gone, without those that were released or kept.
std::vector<run::Record> orphaned_runs(const run::Store& store);
// Whether this set of orphans has been told of before; remembers it.
bool orphans_are_news(const run::Store& store, const std::vector<run::Record>& orphans);

}  // namespace sigmund::ops
