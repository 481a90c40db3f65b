// SPDX-License-Identifier: Apache-2.0
// The terminal while the question at the exit of a shell is on it: each key is delivered at once, and signals
// and the death of the shell are events.
#pragma once
#include <signal.h>
#include <termios.h>

#include <string>

#include "sys/clock.hpp"
#include "sys/fd.hpp"
#include "sys/signal_queue.hpp"

namespace sigmund::ops {

// Returns whether this process is in the foreground group of the terminal, and so may use it.
bool in_foreground(int terminal);

class ExitTerminal {
  public:
    // `shell` is the id of the shell that exits. The terminal is restored at the end of this object, unless
    // another process group owns it by then.
    ExitTerminal(int fd, const std::string& shell);
    ExitTerminal(const ExitTerminal&) = delete;
    ExitTerminal& operator=(const ExitTerminal&) = delete;
    ~ExitTerminal();

    // Returns false when the terminal cannot be asked on.
    bool ok() const { return ok_; }

    struct Event {
        enum class Kind : unsigned char {
            byte,
            nothing,  // the time is over, and the terminal has nothing to read
            resized,
            gone,  // the terminal or the shell is gone, or a signal asks to end
        } kind = Kind::gone;
        unsigned char byte = 0;
    };
    Event wait(sys::Millis until);

  private:
    static Event event_of(const signalfd_siginfo& signal);
    Event take_byte();

    int fd_;
    bool ok_ = false;
    termios before_{};
    sigset_t mask_before_{};
    sys::SignalQueue signals_;
    sys::Fd shell_;
};

}  // namespace sigmund::ops
