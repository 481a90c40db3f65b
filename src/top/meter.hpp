// SPDX-License-Identifier: Apache-2.0
// What a run has used in the last minute, from measurements that are about a second apart.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sys/clock.hpp"

namespace sigmund::top {

inline constexpr std::size_t samples_kept = 60;

class Meter {
  public:
    // `at` is in monotonic ms, `cpu_ms` the CPU time that the processes have used until then.
    void add(sys::Millis at, sys::Millis cpu_ms, std::int64_t bytes);
    // Returns the use of the CPU between the last two measurements, in tenths of a percent of one processor. Nothing
    // before the second one. Where a process has ended in between, what it used is missing.
    std::optional<std::int64_t> cpu() const { return cpu_; }
    std::optional<std::int64_t> memory() const;
    std::vector<std::int64_t> history() const { return {memory_.begin(), memory_.end()}; }

  private:
    sys::Millis at_ = 0, cpu_ms_ = 0;
    std::optional<std::int64_t> cpu_;
    std::deque<std::int64_t> memory_;  // in bytes, the newest last
};

}  // namespace sigmund::top
