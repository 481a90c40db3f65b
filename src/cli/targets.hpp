// SPDX-License-Identifier: Apache-2.0
// Finds the runs that the words of a command line name.
#pragma once
#include <string>
#include <vector>

#include "cli/args.hpp"
#include "run/target.hpp"

namespace sigmund::cli {

// Returns the named runs, each judged once, and warns about corrupt records. Throws Failure: 5 when there is
// no word (the hint lists the live runs) or a word names no run, 6 when a word is ambiguous.
std::vector<run::Judged> targets_of(const run::View& view, const Args& args,
                                    const std::vector<std::string>& words);
// The same with the ids of the finished runs that a form for several runs means, which are not read.
run::Found found_targets(const run::View& view, const Args& args, const std::vector<std::string>& words);
// The same for a verb that needs at least one run: it also throws Failure when a form such as tag= or @here
// matches none.
std::vector<run::Judged> some_targets_of(const run::View& view, const Args& args,
                                         const std::vector<std::string>& words);
// The same, but if every word is a form for several runs, those that are over are left out, since nothing
// needs to be done to them.
std::vector<run::Judged> live_targets_of(const run::View& view, const Args& args,
                                         const std::vector<std::string>& words);

// Finds the runs that the words name. Of several words, one that names nothing must not prevent the others from
// being acted on: its failure is in `missing`. For a single word that is thrown. Where all words are forms for
// several runs, those whose result is known are left out.
run::Found found_targets(const run::View& view, const Args& args);

// Throws the failure about a missing target, with a hint that lists the live runs.
[[noreturn]] void no_target(const Args& args, const run::View& view);
// Returns whether every word is a form for several runs (@all, tag=TAG).
bool all_plural(const std::vector<std::string>& words);
void warn_corrupt(const std::vector<std::string>& ids);
// Returns what @here and @shell mean where this command was called. What none of the words is stays empty, since it
// is looked for in folders and in /proc.
run::Surroundings surroundings(const std::vector<std::string>& words);

}  // namespace sigmund::cli
