// SPDX-License-Identifier: Apache-2.0
// The runs of one shell session, and those that closed shells have left.
#pragma once
#include <string>
#include <vector>

#include "run/shell_marks.hpp"

namespace sigmund::ops {

// The runs of this shell that live and were not started with --keep, oldest first. Marks of runs that are
// over are removed.
std::vector<run::Judged> live_runs_of_shell(const run::View& view, const std::string& shell);
// Those that have ended since the last call. Their marks are removed.
std::vector<run::Record> take_ended_runs(const run::Store& store, const std::string& shell);
// The shell of this command gets no notice about a run that it has itself stopped or waited for.
void forget_notice(const run::Store& store, const run::Record& record);
// The same for a shell that exits, which has no prompt any more.
void drop_notice(const run::Store& store, const run::Record& record);
// The run stays when its shell exits, and belongs to none from now on.
void release_from_shell(const run::Store& store, const run::Record& record);
// Live runs whose shell is gone, without those that were released or kept, oldest first.
std::vector<run::Judged> orphaned_runs(const run::View& view);
// Whether these are other orphans than the user was told of the last time; remembers them.
bool orphans_are_news(const run::Store& store, const std::vector<run::Judged>& orphans);

}  // namespace sigmund::ops
