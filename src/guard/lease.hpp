// SPDX-License-Identifier: Apache-2.0
// A lease ties the life of the run to something else. When the first lease ends, the run is stopped.
#pragma once
#include "guard/source.hpp"
#include "sys/process.hpp"

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

// A lease that ends with another process. Its pidfd becomes readable when that process ends (pidfd_open(2)). Where there
// are no pidfds, the process is looked at once a second.
class ProcessLease final : public Source {
  public:
    explicit ProcessLease(sys::Fd pidfd) : pidfd_(std::move(pidfd)), told_(sys::tells_end(pidfd_.get())) {}
    Millis deadline() const override { return told_ || !pidfd_ ? -1 : looked_at_ + 1'000; }
    void watch(std::vector<pollfd>& set) const override {
        set.push_back({told_ ? pidfd_.get() : -1, POLLIN, 0});  // poll(2) ignores negative descriptors
    }
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override {
        if (told_ ? polled[0].revents == 0 : now < deadline()) return;
        looked_at_ = now;
        if (!pidfd_ || !sys::has_ended(pidfd_.get())) return;
        pidfd_.reset();
        host.post({.kind = EventKind::stop, .cause = Cause::lease});
    }

  private:
    sys::Fd pidfd_;
    bool told_;  // by poll(2)
    Millis looked_at_ = 0;
};

}  // namespace sigmund::guard
