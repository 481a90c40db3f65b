// SPDX-License-Identifier: Apache-2.0
// A standard stream that is read and written without ever blocking, and without O_NONBLOCK: that flag would
// change the stream for every process that shares it.
#pragma once
#include <sys/types.h>

#include <cstddef>

namespace sigmund::kin {

class Stream {
  public:
    // Finds out which kind of file is open at `fd`. The caller keeps the descriptor.
    explicit Stream(int fd) noexcept;

    int fd() const noexcept { return fd_; }
    bool is_socket() const noexcept { return kind_ == Kind::socket; }

    // The same as read(2) and write(2), but they return -1 with EAGAIN instead of blocking. A packet that is
    // longer than `size` gives EMSGSIZE.
    ssize_t read(void* buffer, std::size_t size) const noexcept;
    ssize_t write(const void* data, std::size_t size) const noexcept;

    // Returns how many bytes that were written to a socket its peer has not read yet; 0 for other kinds of
    // files.
    int unread_by_peer() const noexcept;

  private:
    enum class Kind { socket, pipe, other };
    int fd_;
    Kind kind_ = Kind::other;
};

}  // namespace sigmund::kin
