// SPDX-License-Identifier: Apache-2.0
// The terminal of a person while it is attached to a run: every key is delivered as it is, signals are events,
// and afterwards it is as it was before.
#pragma once
#include <signal.h>
#include <termios.h>

#include <string>

#include "sys/signal_queue.hpp"
#include "text/terminal_modes.hpp"

namespace sigmund::ops {

class ViewerTerminal {
  public:
    // Takes stdin and stdout, which are a terminal. From here on the signals that end or stop this process are
    // kept for take_signal().
    ViewerTerminal();
    ViewerTerminal(const ViewerTerminal&) = delete;
    ViewerTerminal& operator=(const ViewerTerminal&) = delete;
    ~ViewerTerminal();

    // Makes the terminal raw, and puts it back: its line discipline, and the modes that the output has set.
    // enter() may be called again: it sets the modes, too.
    void enter();
    void leave();

    // What becomes readable, and where output goes: it does not block where the terminal can be opened a second time.
    int input() const;
    const sys::SignalQueue& signals() const { return signals_; }
    int output() const { return output_ ? output_.get() : fallback(); }
    // Returns a signal that has come, or 0.
    int take_signal();
    // Reads keys. Returns false when the terminal is gone.
    bool read(std::string& out);
    // Writes a part of the text and removes it. Returns false when the terminal is gone.
    bool write(std::string& text);
    // Stops this process, as Ctrl-Z does elsewhere.
    void stop();

  private:
    static int fallback();
    bool raw_ = false;
    termios before_{};
    sigset_t mask_before_{};
    sys::SignalQueue signals_;
    sys::Fd output_;
    text::TerminalModes modes_;
};

}  // namespace sigmund::ops
