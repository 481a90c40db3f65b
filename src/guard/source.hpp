// SPDX-License-Identifier: Apache-2.0
// A source of events for the guardian's loop: descriptors and a deadline. A feature of the guardian is a
// source or a row of the machine, never a branch in the loop.
#pragma once
#include <poll.h>

#include <span>
#include <vector>

#include "guard/machine.hpp"

namespace sigmund::guard {

// What a source may ask of the loop.
class Host {
  public:
    virtual ~Host() = default;
    virtual void post(const Event& event) = 0;  // handled before the loop sleeps again
};

class Source {
  public:
    virtual ~Source() = default;
    // Appends what to poll; the same number of entries comes back in fire().
    virtual void watch(std::vector<pollfd>& set) const { (void)set; }
    // Monotonic ms at which fire() is due whatever the descriptors say; -1: never.
    virtual Millis deadline() const { return -1; }
    // Called when a descriptor is ready or the deadline has come.
    virtual void fire(std::span<const pollfd> polled, Millis now, Host& host) = 0;
};

}  // namespace sigmund::guard
