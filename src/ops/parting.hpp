// SPDX-License-Identifier: Apache-2.0
// The end of a launcher whose guardian shares its memory. Everything that it will print has been prepared.
#pragma once
#include <signal.h>
#include <sys/types.h>

#include "guard/plan.hpp"
#include "text/blanks.hpp"

namespace sigmund::ops {

struct Parting {
    int answers = -1;                  // the pipe from the guardian
    text::Blanks::Form said, printed;  // for stderr and for stdout; number 0 is the pid of the leader
    sigset_t mask{};                   // the signal mask from here on
    // The words of a sigmund that this process becomes when it cannot go on in this memory: the guardian was
    // killed, or stdout could not be written. `error` is in the second words, and receives the errno.
    char* const* guardian_killed = nullptr;
    char* const* unwritten = nullptr;
    char* error = nullptr;  // three digits
};

// Closes all descriptors but 0, 1, 2 and `answers`, and waits for the reply of the guardian. When the run has started, prints the text and ends this process with
// status 0. Otherwise waits until the guardian has ended, and returns its reply: the memory then belongs to
// this process alone.
guard::StartReply part(const Parting& parting, pid_t guardian) noexcept;

}  // namespace sigmund::ops
