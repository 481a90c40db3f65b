// SPDX-License-Identifier: Apache-2.0
// Completion: what may stand at the cursor of a command line. The answer follows from the words, from the
// tables of verbs and options, and from what a Source knows; nothing is looked up here, and nothing is
// started.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/complete_source.hpp"

namespace sigmund::cli {

// What the shell is to do with a candidate.
enum class Offer : std::uint8_t {
    word,        // a whole word; a blank follows it
    nospace,     // the beginning of a word; no blank follows it
    file,        // the shell completes a path; the candidate is what of the word stands before the path
    folder,      // the same, of folders only
    command_at,  // the words from Candidate::at on are a command line of their own, which the shell completes
    none,        // nothing can be offered; the description says what is expected
};

struct Candidate {
    Offer offer = Offer::word;
    std::string word = {};
    std::string description = {};
    // verb, option, value, signal, variable, name, id, tag, form, port, template, shell, file, command
    std::string_view group = {};
    std::string state = {};  // of a run
    std::size_t at = 0;      // of Offer::command_at
};

// The candidates for the word number `at` of a command line, in the order to show them. `typed` are the words
// as they were typed, with their quotes; the first one is the program, and the word at `at` ends at the
// cursor; what stands behind it on the line already is not offered again. An `at` that is the number of words stands for an empty word behind them; there is nothing to offer
// beyond that. Where no candidate begins with what was typed all of them are given, since a shell may match
// in another way.
std::vector<Candidate> complete(std::span<const std::string> typed, std::size_t at, const Source& source);

}  // namespace sigmund::cli
