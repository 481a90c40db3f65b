// SPDX-License-Identifier: Apache-2.0
// The candidates for a value of each kind, for options and positionals.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/complete.hpp"
#include "run/choices.hpp"

namespace sigmund::cli {

// The word at the cursor, as far as it is a value.
struct Partial {
    std::string kept;         // the part of the word before the value, as in `--state=running,`
    std::string value;        // the part of the value that has been typed
    std::size_t at = 0;       // the number of the word
    std::string expectation;  // what to say if nothing can be offered
};

// Returns candidates in the order to show them, whether or not they begin with what has been typed. Only runs
// are searched by what has been typed, unless there is none.
std::vector<Candidate> value_candidates(const run::Choices& choices, const Partial& partial,
                                        const Source& source);
// Returns the verbs, their aliases, and the companion tools.
std::vector<Candidate> verb_candidates();

}  // namespace sigmund::cli
