// SPDX-License-Identifier: Apache-2.0
// A lease ties the life of the run to something else. When the first lease ends, the run is stopped.
#pragma once
#include "guard/source.hpp"
#include "sys/fd.hpp"

namespace sigmund::guard {

// A lease that ends at a time: `at` is in monotonic milliseconds.
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

// A lease that ends with another process. Its pidfd becomes readable when that process ends (pidfd_open(2)).
class ProcessLease final : public Source {
  public:
    explicit ProcessLease(sys::Fd pidfd) : pidfd_(std::move(pidfd)) {}
    void watch(std::vector<pollfd>& set) const override { set.push_back({pidfd_.get(), POLLIN, 0}); }
    void fire(std::span<const pollfd> polled, Millis, Host& host) override {
        if (polled[0].revents == 0) return;
        pidfd_.reset();  // poll(2) ignores negative descriptors
        host.post({.kind = EventKind::stop, .cause = Cause::lease});
    }

  private:
    sys::Fd pidfd_;
};

}  // namespace sigmund::guard
