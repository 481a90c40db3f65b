// SPDX-License-Identifier: Apache-2.0
// The runs that the words of a command line name.
#pragma once
#include <string>
#include <vector>

#include "cli/args.hpp"
#include "run/target.hpp"

namespace sigmund::cli {

// The runs named, each judged once. Corrupt records in the way are warned of. Throws Failure: 5 when there is
// no word (with what could be meant) or when one names no run, 6 when one is ambiguous.
std::vector<run::Judged> targets_of(const run::View& view, const Args& args,
                                    const std::vector<std::string>& words);
// The same for a verb that can do nothing without a run: a form that stands for none (tag=, @here) is an
// error, too.
std::vector<run::Judged> some_targets_of(const run::View& view, const Args& args,
                                         const std::vector<std::string>& words);
// The same without the runs that are over, when each word is a form that stands for several: those need
// nothing.
std::vector<run::Judged> live_targets_of(const run::View& view, const Args& args,
                                         const std::vector<std::string>& words);

// Throws the complaint about a missing target, with what could be meant.
[[noreturn]] void no_target(const Args& args, const run::View& view);
// Whether each word is a form that stands for several runs (@all, tag=TAG).
bool all_plural(const std::vector<std::string>& words);
void warn_corrupt(const std::vector<std::string>& ids);
// What @here and @shell mean where this command was called.
run::Surroundings surroundings();

}  // namespace sigmund::cli
