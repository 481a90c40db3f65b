// SPDX-License-Identifier: Apache-2.0
// Blocked signals, read one by one. signalfd(2) tells poll(2) about them. Where the system refuses that call, as some
// sandboxes do, they are looked for from time to time with sigtimedwait(2).
#pragma once
#include <signal.h>
#include <sys/signalfd.h>

#include "sys/fd.hpp"

namespace sigmund::sys {

class SignalQueue {
  public:
    SignalQueue() = default;
    // Reads the signals of `set`, which must be blocked. On failure (no descriptor is free) the queue is empty, with
    // errno set.
    explicit SignalQueue(const sigset_t& set) noexcept;

    explicit operator bool() const noexcept { return fd_ || looks_; }
    // Returns the descriptor that is readable when a signal is pending, or -1, which poll(2) ignores.
    int descriptor() const noexcept { return fd_.get(); }
    // Returns whether no descriptor tells about signals, so that they must be looked for.
    bool looks() const noexcept { return looks_; }
    // Returns how long poll(2) may wait instead of `pause_ms` (-1: without a limit).
    int pause(int pause_ms) const noexcept;
    // Takes the next pending signal. Returns false when there is none.
    bool read(signalfd_siginfo& out) const noexcept;

  private:
    Fd fd_;
    sigset_t set_{};
    bool looks_ = false;
};

}  // namespace sigmund::sys
