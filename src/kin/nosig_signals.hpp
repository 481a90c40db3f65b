// SPDX-License-Identifier: Apache-2.0
// nosig's acts on dispositions, the mask and the one working set, and the printing of where they stand.
// KILL, STOP and the C library's reserved two stay as they are, silently unless -v was given before.
#pragma once
#include <string>

#include "sys/signals.hpp"

namespace sigmund::kin {

// Which signals an option without a sigspec means.
struct SignalRange {
    int first, last;
};
inline constexpr SignalRange all_signals{1, 64}, standard_signals{1, 33}, realtime_signals{34, 64};

class NosigSignals {
  public:
    void more_verbose() { ++verbosity_; }

    void dispose(int signal, bool ignored);
    void dispose(SignalRange range, bool ignored);
    void reset();

    // The working set; it starts empty and matters only once it is used.
    void add(int signal);
    void remove(int signal);
    void empty() { set_ = 0; }
    void fill();

    // how: SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK
    void mask_by_set(int how) { mask(how, set_); }
    void mask_by_range(int how, SignalRange range);

    // The two lines of --show-status.
    std::string status() const;

  private:
    void mask(int how, sys::SignalBits bits);
    void report(const char* act, int signal, int error) const;

    int verbosity_ = 0;
    sys::SignalBits set_ = 0;
};

// The lines of --list.
std::string list_of_signals();

}  // namespace sigmund::kin
