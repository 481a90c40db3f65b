// SPDX-License-Identifier: Apache-2.0
// What messages call a run, and what they say of it.
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

// Returns when the present life of the command began, or the last one; of a pool, when it was started. The record must
// have been read in full.
inline sys::Millis life_began(const Record& record) {
    const bool pool = record.workers_wanted > 0;
    return pool || record.lives.empty() ? record.started_ms : record.lives.back().restarted_ms;
}

// Returns what to say of a run whose command has ended, and is started again after a pause.
inline std::string waits_text(const Record& record) {
    return (record.results.empty()
                ? "its command has ended"
                : "its command ends again and again (" + record.results.back().str() + ')') +
           ", and has to wait for its next start";
}

}  // namespace sigmund::run
