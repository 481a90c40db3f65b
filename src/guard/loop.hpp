// SPDX-License-Identifier: Apache-2.0
// The guardian's loop: it sleeps in one poll, and passes on what has woken it.
#pragma once
#include "guard/guardian.hpp"

namespace sigmund::guard {

class Loop {
  public:
    // `signals` is a signalfd for all signals. `restart_on` are the signals that start the command again.
    Loop(Guardian& guardian, sys::Fd signals, sys::SignalBits restart_on);
    [[noreturn]] void run();

  private:
    void turn();
    int pause() const;
    void read_signals();
    void take_signal(int signal, pid_t sender, uid_t uid);

    Guardian& guardian_;
    sys::Fd signals_;
    sys::SignalBits restart_on_;
    Polled polled_;
};

}  // namespace sigmund::guard
