// SPDX-License-Identifier: Apache-2.0
// What a completion must look up: runs, templates, the environment. The program looks into the store; tests
// give what they like.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "run/choices.hpp"

namespace sigmund::cli {

// A word and what is said of it.
struct Named {
    std::string word;
    std::string description;
};

struct KnownRun {
    std::string id;
    std::string name;         // empty: none
    std::string state;        // as `list` shows it
    std::string description;  // state, age and command
};

struct KnownRuns {
    std::vector<KnownRun> runs;  // in the order of `list`, of which there may be more than are given
    std::vector<std::string> tags;
};

// No function throws: what cannot be read is left out.
class Source {
  public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    // Those that a target of this kind may mean (live_target, finished_target or any_target) and whose id or
    // name begins with `begins`; the tags are those of all that a target of this kind may mean.
    virtual KnownRuns runs(run::Kind which, std::string_view begins) const = 0;
    // The TCP ports that live runs listen on.
    virtual std::vector<Named> ports() const = 0;
    virtual std::vector<Named> templates() const = 0;
    // The ids of the shell sessions that runs belong to.
    virtual std::vector<Named> shells() const = 0;
    // The names of the variables in the environment.
    virtual std::vector<std::string> variables() const = 0;
};

}  // namespace sigmund::cli
