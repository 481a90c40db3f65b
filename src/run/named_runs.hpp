// SPDX-License-Identifier: Apache-2.0
// Which run a name means where a command was called.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "run/catalogue.hpp"
#include "run/target.hpp"

namespace sigmund::run {

class NamedRuns {
  public:
    // Reads and judges a run. Returns nullptr when its record cannot be read.
    using Judge = std::function<const Judged*(const std::string& id)>;
    NamedRuns(const Store& store, Catalogue& catalogue, const Surroundings& around, Judge judge)
        : store_(store), catalogue_(catalogue), around_(around), judge_(std::move(judge)) {}

    // Returns the live run of this project with that name, else the project's newest finished one, else the same of
    // the shared scope; nullptr when there is none. Throws Failure when the run that holds the name lives, but its
    // record is damaged.
    const Judged* find(const std::string& name);
    // Returns the live runs of other projects with that name, newest first.
    std::vector<const Judged*> live_elsewhere(const std::string& name);
    // Returns whether the run can be what the name means here.
    bool can_mean(const std::string& name, const Record& record) const;

  private:
    ScopedName here(const std::string& name) const {
        return {name, around_.in_project ? around_.project : ""};
    }
    const Judged* find_in(const ScopedName& name);
    const Judged* holder_of(const ScopedName& name);

    const Store& store_;
    Catalogue& catalogue_;
    const Surroundings& around_;
    Judge judge_;
};

// Throws the failure about a run that lives although its record is damaged, if this is one. `target` is the word that
// means it.
void refuse_if_damaged(const Store& store, const std::string& target, const std::string& id);

}  // namespace sigmund::run
