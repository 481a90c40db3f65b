// SPDX-License-Identifier: Apache-2.0
// The last signal that the guardian has sent to a life while its leader lived, and who asked for it. Signals that
// others send are not known to it: of these only the one that ended the leader is seen, in its exit status.
#pragma once
#include <sys/types.h>

#include <string>

#include "sys/clock.hpp"

namespace sigmund::run {

struct Record;

struct SentSignal {
    int signal = 0;  // 0: none was sent
    sys::Millis at_ms = 0;
    std::string by;  // what it was part of: a word of EndedBy, or signal, pause, resume, watch
    pid_t pid = 0;   // of the process that asked for it; 0: an option of the run caused it
    uid_t uid = 0;   // of that process

    bool sent() const { return signal != 0; }
    bool operator==(const SentSignal&) const = default;
};

// Returns a signal that is sent now. The process that asked for it is found in the calls of the record.
SentSignal send_now(const Record& record, int signal, std::string by);

}  // namespace sigmund::run
