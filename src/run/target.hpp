// SPDX-License-Identifier: Apache-2.0
// How people name runs: ids, prefixes, names, tag=, :PORT, @ forms; resolved to records.
#pragma once
#include <string>
#include <vector>

#include "run/census.hpp"
#include "run/store.hpp"

namespace sigmund::run {

struct Selector {
    enum class Kind : std::uint8_t { id_or_name, tag, port, newest, newest_failed, here, shell, all };
    Kind kind = Kind::id_or_name;
    std::string word;  // id, prefix, name or tag
    int port = 0;
    std::string text;  // as typed
    // Forms that stand for several runs match nothing without being wrong.
    bool plural() const {
        return kind == Kind::tag || kind == Kind::here || kind == Kind::shell || kind == Kind::all;
    }
};

// Throws Failure(invalid_target) for what is no target at all; nothing is looked up.
Selector parse_selector(const std::string& text);

// What the forms @here and @shell mean for this caller.
struct Surroundings {
    std::string project;
    std::string shell;
};

// The runs meant, each once, in the order named (plural forms: newest first). Throws Failure: no such run
// (5), ambiguous (6, listing the matches). Corrupt records in the way are named in `corrupt`.
std::vector<Record> resolve(const Store& store, const Census& census, const std::vector<std::string>& targets,
                            const Surroundings& around, std::vector<std::string>* corrupt = nullptr);

}  // namespace sigmund::run
