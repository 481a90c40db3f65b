// SPDX-License-Identifier: Apache-2.0
// The runs of one shell session, and the runs that closed shells have left behind.
#pragma once
#include <string>
#include <vector>

#include "run/shell_marks.hpp"

namespace sigmund::ops {

// Returns the stores in which the shell may have marks. The first one is the store that SIGMUND_STATE_DIR and its
// like name at this moment; it is absent when it cannot be used.
std::vector<run::View> views_of_shell(const std::string& shell);
// Runs of one shell in several stores, oldest first: runs[i] is in *views[i].
template <typename Run>
struct RunsOfShell {
    std::vector<Run> runs;
    std::vector<const run::View*> views;
};
// Returns the live runs of this shell that were not started with --keep. Removes the marks of runs that are
// over.
RunsOfShell<run::Judged> live_runs_of_shell(const std::vector<run::View>& views, const std::string& shell);
// Returns the runs that have ended since the last call, and removes their marks.
RunsOfShell<run::Record> take_ended_runs(const std::vector<run::View>& views, const std::string& shell);
// Drops the notice about a run of the shell that this command was typed in, since the user has just stopped
// or awaited it.
void forget_notice(const run::Store& store, const run::Record& record);
// Drops the notice about a run for the shell that started it, for example because that shell is exiting and
// has no prompt any more.
void drop_notice(const run::Store& store, const run::Record& record);
// Lets the runs survive the exit of their shell: they belong to no shell from now on. It waits for `patience` in
// all for guardians that are frozen.
void release_from_shell(const run::Store& store, const std::vector<run::Record>& records,
                        sys::Millis patience);
// Returns live runs whose shell is gone, oldest first, without those that were released or kept.
std::vector<run::Judged> orphaned_runs(const run::View& view);
// Returns whether the user was not told about one of these orphans last time, and remembers them.
bool orphans_are_news(const run::Store& store, const std::vector<run::Judged>& orphans);

}  // namespace sigmund::ops
