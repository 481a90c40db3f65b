// SPDX-License-Identifier: Apache-2.0
// Descriptors in reserve: a process that must work on when its limit of open files is reached or lowered
// holds some low numbers, and closes them for the moments in which it needs descriptors.
#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include "sys/fd.hpp"

namespace sigmund::sys {

class SpareFds {
  public:
    static constexpr std::size_t most = 8;

    // Takes the lowest free numbers, so that they stay usable when the limit is lowered later: RLIMIT_NOFILE
    // bounds the number of a new descriptor (getrlimit(2)). Takes fewer when no more are available.
    void hold() noexcept;
    // Closes them, so that the next calls find free descriptors. hold() takes them again.
    void lend() noexcept;
    // Returns whether a process that needs this many further descriptors may run out of them.
    static bool scarce(std::size_t in_use) noexcept;
    // Appends the descriptors that are held.
    void append_to(std::vector<int>& numbers) const;

  private:
    std::array<Fd, most> fds_;
};

}  // namespace sigmund::sys
