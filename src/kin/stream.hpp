// SPDX-License-Identifier: Apache-2.0
// A standard stream that is read and written without ever blocking, and without O_NONBLOCK: that flag would
// change the stream for every process that shares it.
#pragma once
#include <sys/types.h>

#include <cstddef>

namespace sigmund::kin {

class Stream {
  public:
    // Looks at what kind of file is open at `fd`, which stays the caller's.
    explicit Stream(int fd) noexcept;

    int fd() const noexcept { return fd_; }
    bool is_socket() const noexcept { return kind_ == Kind::socket; }

    // As read(2) and write(2); -1 with EAGAIN instead of blocking. A packet longer than `size` gives
    // EMSGSIZE.
    ssize_t read(void* buffer, std::size_t size) const noexcept;
    ssize_t write(const void* data, std::size_t size) const noexcept;

    // Bytes written to a socket that its peer has not read yet; 0 for all else.
    int unread_by_peer() const noexcept;

  private:
    enum class Kind { socket, pipe, other };
    int fd_;
    Kind kind_ = Kind::other;
};

}  // namespace sigmund::kin
