// SPDX-License-Identifier: Apache-2.0
// What messages call a run.
#pragma once
#include <string>

#include "run/record.hpp"

namespace sigmund::run {

// Returns "web (7f3c2a)", or "7f3c2a" for a run without a name.
inline std::string label(const Record& record) {
    return record.name.empty() ? record.id : record.name + " (" + record.id + ')';
}

// Returns "web", or "7f3c2a" for a run without a name.
inline const std::string& short_label(const Record& record) {
    return record.name.empty() ? record.id : record.name;
}

}  // namespace sigmund::run
