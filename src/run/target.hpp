// SPDX-License-Identifier: Apache-2.0
// How people name runs: ids, prefixes, names, tag=, :PORT and the @ forms; and the runs that these stand for.
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
    // A form that stands for several runs may match none, which is no mistake.
    bool plural() const {
        return kind == Kind::tag || kind == Kind::here || kind == Kind::shell || kind == Kind::all;
    }
};

// Throws Failure (invalid_target) for what is no target at all. Nothing is looked up.
Selector parse_selector(const std::string& text);

// What the forms @here and @shell mean for this caller.
struct Surroundings {
    std::string project;
    std::string shell;
};

// What the words of a command line stand for.
struct Found {
    std::vector<Judged> runs;          // each once, in the order named (plural forms: newest first)
    std::vector<std::string> corrupt;  // ids whose record could not be read
    std::vector<Failure> missing;      // a failure for each word that names no run
};

// Each run is judged once, as it is found. Throws Failure: ambiguous (6, which lists the matches), and no
// such run (5), unless `some_may_be_missing`: then these failures are collected.
Found resolve(const View& view, const std::vector<std::string>& targets, const Surroundings& around,
              bool some_may_be_missing = false);

}  // namespace sigmund::run
