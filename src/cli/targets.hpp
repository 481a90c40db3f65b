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
// Returns what names, @here and @shell mean where this command was called, or in the project that --project names.
run::Surroundings surroundings(const Args& args);
run::Surroundings surroundings();
// The same for the project that the value of --project names.
run::Surroundings surroundings_in(const std::string& folder);
// Resolves the words as run::resolve() does, and tells the user which of them mean runs of other projects. Throws Failure
// when there is no word. Corrupt records are not reported.
run::Found resolve_targets(const run::View& view, const Args& args, const std::vector<std::string>& words,
                           run::Search search = {});
// Returns the word that names a run in a command here: its name, unless that means another run or none, or its id.
std::string handle(const run::View& view, const Args& args, const run::Record& record);

}  // namespace sigmund::cli
