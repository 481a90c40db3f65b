// SPDX-License-Identifier: Apache-2.0
// What a completion must look up: runs, templates, the environment. The program looks it up in the store;
// tests provide their own.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "run/choices.hpp"

namespace sigmund::cli {

// A word and its description.
struct Named {
    std::string word;
    std::string description;
};

struct KnownRun {
    std::string id;
    std::string name;          // empty: none
    std::string state;         // as `list` shows it
    std::string description;   // state, age, project and command
    std::string project = {};  // the folder, for a run whose name does not mean it here; otherwise empty
};

struct KnownRuns {
    std::vector<KnownRun> runs;     // in the order of `list`; there may be more runs than these
    std::vector<std::string> tags;  // of the runs that were read to find those
};

// The templates that `up` can start.
struct KnownTemplates {
    std::vector<Named> templates;  // in the order of the file
    std::vector<Named> groups;     // described by their members
};

// None of these functions throws. Whatever cannot be read is left out.
class Source {
  public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    // Returns the runs that a target of this kind (live_target, finished_target, adoptable_target, port_target, terminal_target, input_target or
    // any_target) can
    // mean and whose id or name begins with `begins`.
    virtual KnownRuns runs(run::Kind which, std::string_view begins) const = 0;
    // Returns the tags of all runs that a target of this kind can mean.
    virtual std::vector<std::string> tags(run::Kind which) const = 0;
    // Returns the TCP ports that live runs listen on.
    virtual std::vector<Named> ports() const = 0;
    virtual KnownTemplates templates() const = 0;
    // Returns the live runs of the current project that came from templates. Their names are those of the templates.
    virtual std::vector<KnownRun> template_runs() const = 0;
    // Returns the ids of the shell sessions that runs belong to.
    virtual std::vector<Named> shells() const = 0;
    // Returns the names of the variables in the environment.
    virtual std::vector<std::string> variables() const = 0;
};

}  // namespace sigmund::cli
