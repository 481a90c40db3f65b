// SPDX-License-Identifier: Apache-2.0
// The end of a child of this process, for a loop that sleeps in poll(2): a pidfd tells it, or, where there is none, the
// loop looks from time to time.
#pragma once
#include <sys/types.h>

#include "sys/children.hpp"
#include "sys/process.hpp"
#include "sys/refused_call.hpp"

namespace sigmund::sys {

class ChildEnd {
  public:
    explicit ChildEnd(pid_t child) noexcept : child_(child), pidfd_(open_pidfd(child)) {
        if (pidfd_ && !tells_end(pidfd_.get())) pidfd_.reset();
    }
    // Returns the descriptor that is readable once the child has ended, or -1, which poll(2) ignores.
    int descriptor() const noexcept { return pidfd_.get(); }
    // Returns how long poll(2) may wait instead of `pause_ms` (-1: without a limit).
    int pause(int pause_ms) const noexcept { return pidfd_ ? pause_ms : pause_between_looks(pause_ms); }
    // Returns whether the child has ended and waits to be reaped.
    bool reached() const noexcept { return has_ended_child(child_); }

  private:
    pid_t child_;
    Fd pidfd_;
};

}  // namespace sigmund::sys
