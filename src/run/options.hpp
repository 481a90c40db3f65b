// SPDX-License-Identifier: Apache-2.0
// The launch options: what each of them is for people, and how they become a Spec and words again. The table
// is run/option_rows.hpp. Every function here is a loop over it. Records are in run/record_options.cpp.
#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "run/option.hpp"
#include "run/spec.hpp"

namespace sigmund::run {

// Returns the options that a configuration file may set: all but those that only make sense on one command
// line.
std::span<const Option> configurable_options();

// One launch option with the words given to it (see Given).
struct GivenOption {
    const Option* option;
    std::span<const std::string> values;
};
// Returns the spec that these options ask for. Options that only the launcher uses are skipped. `folder`
// returns where relative paths begin. Throws Failure (usage) that names the option.
Spec parse_options(std::span<const GivenOption> given, std::string (*folder)());

// Returns the launch options that make this spec, as one would type them. Those at their default are left
// out.
std::vector<std::string> spec_words(const Spec& spec);

// One launch option that is not at its default, with its values as one would type them; a flag has none.
struct StatedOption {
    std::string_view name;
    std::vector<std::string> values;
};
// Returns those of the given options that ask for something else than the default, so that two ways to write
// the same value are the same. Options that only the launcher uses are skipped, and so is what only makes
// sense with other options: nothing is checked across options. Throws Failure (usage) that names the option.
std::vector<StatedOption> stated_options(std::span<const GivenOption> given, std::string (*folder)());

// Returns one sentence for each thing that a recorded run had and that is lost when `spec`, read from its
// record, is started.
std::vector<std::string> lost_options(const Spec& spec);

// Returns the options that have a value when nobody sets them, and that value.
std::vector<std::pair<std::string_view, std::string>> usual_values();

}  // namespace sigmund::run
