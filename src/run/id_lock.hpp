// SPDX-License-Identifier: Apache-2.0
// The lock of an id (ID.lock), held by this process. Only the store makes one. Whoever writes the record of an
// id or removes its files must show it, so that nobody else can: a source of the guardian, for example.
#pragma once
#include <utility>

#include "sys/fd.hpp"

namespace sigmund::run {

class IdLock {
  public:
    IdLock() noexcept = default;
    explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
    int get() const noexcept { return fd_.get(); }
    void release() noexcept { fd_.reset(); }

  private:
    friend class Store;
    explicit IdLock(sys::Fd fd) noexcept : fd_(std::move(fd)) {}
    sys::Fd fd_;
};

}  // namespace sigmund::run
