// SPDX-License-Identifier: Apache-2.0
// Completion: what can be at the cursor of a command line. The answer depends only on the words, the tables
// of verbs and options, and the data of a Source. Nothing is looked up here, and nothing is started.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/complete_source.hpp"

namespace sigmund::cli {

// What the shell does with a candidate.
enum class Offer : std::uint8_t {
    word,        // inserts it as a whole word, with a blank after it
    nospace,     // inserts it as the beginning of a word, with no blank after it
    file,        // completes a path; the candidate is the part of the word before the path
    folder,      // the same, but only folders
    command_at,  // completes the words from Candidate::at on as a command line of their own
    none,        // offers nothing; the description says what is expected
};

struct Candidate {
    Offer offer = Offer::word;
    std::string word = {};
    std::string description = {};
    // verb, option, value, signal, variable, name, id, tag, form, port, template, group, shell, file, command
    std::string_view group = {};
    std::string state = {};  // the state of a run
    std::size_t at = 0;      // for Offer::command_at
};

// Returns the candidates for the word number `at` of a command line, in the order to show them. `typed` are
// the words as they were typed, with their quotes; the first one is the program, and the word at `at` ends at
// the cursor. What the words after it name is not offered again. If `at` is the number of words, the cursor is
// at an empty word after them; beyond that nothing is offered. If no candidate begins with what was typed, all
// of them are returned, since a shell may match
// in another way.
std::vector<Candidate> complete(std::span<const std::string> typed, std::size_t at, const Source& source);

// Returns the value of --project on such a line, without quotes and with the home folder for a ~; empty: there is none,
// or it is what is being typed.
std::string project_on_line(std::span<const std::string> typed, std::size_t at);

}  // namespace sigmund::cli
