// SPDX-License-Identifier: Apache-2.0
// The interface through which the observers of the disk report to the one that decides.
#pragma once
#include <string>

#include "guard/watch_changes.hpp"

namespace sigmund::guard {

class WatchReport {
  public:
    virtual ~WatchReport() = default;
    // Reports a change of a path that counts.
    virtual void changed(ChangeKind kind, const std::string& path) = 0;
    // Writes a note to the log, once for each text.
    virtual void complain(const std::string& text) = 0;
};

}  // namespace sigmund::guard
