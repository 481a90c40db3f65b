// SPDX-License-Identifier: Apache-2.0
// This file changes dispositions, the mask and nosig's one signal set, and prints their present state. KILL,
// STOP and the two signals that the C library reserves are left unchanged; this is silent unless -v was given
// before.
#pragma once
#include <string>

#include "sys/signals.hpp"

namespace sigmund::kin {

// The signals that an option without a SIG applies to.
struct SignalRange {
    int first, last;
};
inline constexpr SignalRange all_signals{1, 64}, standard_signals{1, 33}, realtime_signals{34, 64};

class NosigSignals {
  public:
    void more_verbose() { ++verbosity_; }

    // Set signals to SIG_IGN or SIG_DFL.
    void dispose(int signal, bool ignored);
    void dispose(SignalRange range, bool ignored);
    // Unblocks all signals and sets them to SIG_DFL; the signal set stays unchanged.
    void reset();

    // The signal set. It is empty at first and has no effect until it is used.
    void add(int signal);
    void remove(int signal);
    void empty() { set_ = 0; }
    void fill();

    // `how` is SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK.
    void mask_by_set(int how) { mask(how, set_); }
    void mask_by_range(int how, SignalRange range);

    // Returns the two lines of --show-status.
    std::string status() const;

  private:
    void mask(int how, sys::SignalBits bits);
    void report(const char* act, int signal, int error) const;

    int verbosity_ = 0;
    sys::SignalBits set_ = 0;
};

// Returns the lines of --list.
std::string list_of_signals();

}  // namespace sigmund::kin
