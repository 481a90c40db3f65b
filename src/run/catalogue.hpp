// SPDX-License-Identifier: Apache-2.0
// What the search for runs knows of each record in the store. Only the heads of the records are read, and
// those at most once: the few runs that are meant are then read as a whole.
#pragma once
#include <string>
#include <vector>

#include "run/store.hpp"

namespace sigmund::run {

struct Head {
    std::string id, name, shell, project;
    std::vector<std::string> tags;
    sys::Millis started_ms = 0;
    bool in_project = false;  // as in Record
    bool over = false;        // its result is known
    bool failed = false;      // it is over, and has failed
};

class Catalogue {
  public:
    // The ids of records that cannot be read are added to `corrupt`.
    Catalogue(const Store& store, std::vector<std::string>& corrupt) : store_(store), corrupt_(corrupt) {}
    // Returns all heads, newest first.
    const std::vector<Head>& heads();
    // Returns the ids that begin with `prefix`, from the names of the files alone, sorted.
    std::vector<std::string> ids_with(const std::string& prefix) const;

  private:
    const Store& store_;
    std::vector<std::string>& corrupt_;
    std::vector<Head> heads_;
    bool read_ = false;
};

}  // namespace sigmund::run
