// SPDX-License-Identifier: Apache-2.0
// The guardian's loop: it sleeps in one poll, and passes on what has woken it.
#pragma once
#include "guard/guardian.hpp"
#include "sys/signal_queue.hpp"

namespace sigmund::guard {

class Loop {
  public:
    // `signals` has all signals. `restart_on` are the signals that start the command again.
    Loop(Guardian& guardian, sys::SignalQueue signals, sys::SignalBits restart_on);
    // `launcher` is the pipe to a launcher that shares this memory: until its other end is closed, the
    // guardian does not settle. `once`: see Guardian::settle().
    [[noreturn]] void run(sys::Fd launcher, bool once);

  private:
    void turn();
    void settle(bool once);
    void settle_if_alone(bool once);
    int pause() const;
    void read_signals();
    void take_signal(int signal, pid_t sender, uid_t uid);

    Guardian& guardian_;
    sys::SignalQueue signals_;
    sys::SignalBits restart_on_;
    sys::Fd launcher_;
    bool settled_ = false;  // and the memory of the start was not given back yet
    Polled polled_;
};

}  // namespace sigmund::guard
