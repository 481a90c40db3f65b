// SPDX-License-Identifier: Apache-2.0
// The candidates for a value of each kind: of an option, or of a positional.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/complete.hpp"
#include "run/choices.hpp"

namespace sigmund::cli {

// The word at the cursor, as far as it is a value.
struct Partial {
    std::string kept;         // what of the word stands before the value, as in `--state=running,`
    std::string value;        // what of the value has been typed
    std::size_t at = 0;       // the number of the word
    std::string expectation;  // what is said where nothing can be offered
};

// Candidates in the order to show them, whether or not they begin with what has been typed. Runs are those
// that do, unless there is none.
std::vector<Candidate> value_candidates(const run::Choices& choices, const Partial& partial,
                                        const Source& source);
// The verbs, their other names, and the kindred tools.
std::vector<Candidate> verb_candidates();

}  // namespace sigmund::cli
