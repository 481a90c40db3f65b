// SPDX-License-Identifier: Apache-2.0
// The ports that a run has reserved, so that no other run of this store gets them, from before its start until
// it is over. They are locks on the bytes of one file without content in the store: the byte N is port N. The
// kernel frees them when the last process that has them open ends, however it ends, so nothing has to be
// cleaned up. Runs in two stores do not see each other's reservations.
#pragma once
#include "run/port.hpp"
#include "run/store.hpp"

namespace sigmund::run {

class PortLock {
  public:
    PortLock() noexcept = default;
    // Opens the file, and makes it if it is missing; nothing is reserved yet. Throws Failure or
    // std::system_error.
    static PortLock open(const Store& store);

    // Reserves all the ports of a range, or none: then another run has one of them. To be called until it
    // returns true once. Throws std::system_error.
    bool try_take(const PortRange& ports);
    const PortRange& ports() const noexcept { return ports_; }
    explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
    int get() const noexcept { return fd_.get(); }

    // Frees the ports, also for copies of this descriptor in other processes, and removes the file when no run
    // has a port. Destruction only closes the descriptor.
    void release(const Store& store) noexcept;
    // Reserves the ports again when the file was removed. Throws as open() does.
    void mend(const Store& store);
    // Removes the file when no run has a port.
    static void sweep(const Store& store) noexcept;

  private:
    explicit PortLock(sys::Fd fd) noexcept : fd_(std::move(fd)) {}
    sys::Fd fd_;
    PortRange ports_;
};

}  // namespace sigmund::run
