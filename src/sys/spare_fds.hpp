// SPDX-License-Identifier: Apache-2.0
// Descriptors in reserve: a process that must go on working when its limit of open files is reached or
// lowered holds some low numbers, and gives them up for the moments in which it needs descriptors.
#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include "sys/fd.hpp"

namespace sigmund::sys {

class SpareFds {
  public:
    static constexpr std::size_t most = 8;

    // Takes the lowest free numbers, so that a limit which is lowered later leaves them usable: RLIMIT_NOFILE
    // bounds the number of a new descriptor (getrlimit(2)). Takes fewer where no more can be had.
    void hold() noexcept;
    // Closes them, so that what follows finds descriptors; hold() takes them back.
    void lend() noexcept;
    // Whether a process with this many further descriptors may run out of them.
    static bool scarce(std::size_t in_use) noexcept;
    // Appends the numbers that are held.
    void append_to(std::vector<int>& numbers) const;

  private:
    std::array<Fd, most> fds_;
};

}  // namespace sigmund::sys
