// SPDX-License-Identifier: Apache-2.0
// The launch options: what each of them is for people, and how they become a Spec and words again. The table
// is run/option_rows.hpp; all here are loops over it. Records are in run/record_options.cpp.
#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "run/option.hpp"
#include "run/spec.hpp"

namespace sigmund::run {

// Those that a configuration file may set: all that do not only make sense on one command line.
std::span<const Option> configurable_options();

// The words given to one launch option (see Given).
struct GivenOption {
    const Option* option;
    std::span<const std::string> values;
};
// The spec that these options ask for; options that only the launcher uses are passed over. `folder` returns
// where relative paths begin. Throws Failure (usage) that names the option.
Spec parse_options(std::span<const GivenOption> given, std::string (*folder)());

// The launch options that make this spec, as one would type them. Those at their default are left out.
std::vector<std::string> spec_words(const Spec& spec);

// One sentence for each thing that a recorded run had and that cannot be had again when `spec`, read from its
// record, is started.
std::vector<std::string> lost_options(const Spec& spec);

// The options that have a value when nobody sets them, and that value.
std::vector<std::pair<std::string_view, std::string>> usual_values();

}  // namespace sigmund::run
