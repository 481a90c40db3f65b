// SPDX-License-Identifier: Apache-2.0
// Leases: what the run's life is tied to. When the first one ends, the run is stopped.
#pragma once
#include "guard/source.hpp"

namespace sigmund::guard {

// A time: `at` is monotonic milliseconds.
class Lease final : public Source {
  public:
    Lease(Millis at, Cause cause) : at_(at), cause_(cause) {}
    Millis deadline() const override { return at_; }
    void fire(std::span<const pollfd>, Millis now, Host& host) override {
        if (at_ < 0 || now < at_) return;
        at_ = -1;
        host.post({.kind = EventKind::stop, .cause = cause_});
    }

  private:
    Millis at_;
    Cause cause_;
};

}  // namespace sigmund::guard
