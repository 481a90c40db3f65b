// SPDX-License-Identifier: Apache-2.0
// How people name runs: ids, prefixes, names, tag=, :PORT and the @ forms. And the search for these runs.
#pragma once
#include <string>
#include <vector>

#include "run/failure.hpp"
#include "run/view.hpp"

namespace sigmund::run {

struct Selector {
    enum class Kind : std::uint8_t { id_or_name, tag, port, newest, newest_failed, here, shell, all };
    Kind kind = Kind::id_or_name;
    std::string word;  // id, prefix, name or tag
    int port = 0;
    std::string text;  // as typed
    // Returns whether the form names a set of runs, which may be empty without a mistake.
    bool plural() const {
        return kind == Kind::tag || kind == Kind::here || kind == Kind::shell || kind == Kind::all;
    }
};

// Only parses; the store is not read. Throws Failure (invalid_target) for a text that cannot be a target.
Selector parse_selector(const std::string& text);

// What names, @here and @shell mean for this caller.
struct Surroundings {
    std::string project;  // as in Project::folder; empty: the current folder does not exist any more
    std::string shell;
    bool in_project = false;  // whether the project exists, so that its runs have names of their own
};

// The runs that the words of a command line name.
struct Found {
    std::vector<Judged> runs;          // each once, in the order named (plural forms: newest first)
    std::vector<std::string> ids;      // the same, with those that were not read
    std::vector<std::string> corrupt;  // ids whose record could not be read
    std::vector<Failure> missing;      // a failure for each word that names no run
    std::vector<std::string> notes;    // for the user: which words mean a run of another project
};

struct Search {
    bool some_may_be_missing = false;  // a word that names no run is collected instead of thrown
    bool sets_without_ended = false;   // the forms for several runs leave out those whose result is known
    bool ended_as_ids = false;         // of these forms, runs whose result is known are only in Found::ids
    // Where no run has the name here, it means the only live run that has it in another project. Otherwise such runs
    // are only named in the failure, with a command for each: `command`, the id, and `command_end`.
    bool other_projects = false;
    // A word that is no id and no name also means the only live run whose command is the program of this name. Otherwise
    // the failure names it.
    bool programs = false;
    std::string command = "sigmund show ", command_end = {};
};

// Judges each run once, as it is found, and reads only those that are meant as a whole. Throws Failure for an
// ambiguous word (6, which lists the matches), and for a word that names no run (5).
Found resolve(const View& view, const std::vector<std::string>& targets, const Surroundings& around,
              Search search = {});

}  // namespace sigmund::run
