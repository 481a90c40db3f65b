// SPDX-License-Identifier: Apache-2.0
#include "top/meter.hpp"

#include <algorithm>

namespace sigmund::top {

void Meter::add(sys::Millis at, sys::Millis cpu_ms, std::int64_t bytes) {
    // After a long pause (the run was not in sight) the history would show a time that nobody has measured.
    constexpr sys::Millis longest_gap = 5'000;
    if (!memory_.empty() && at - at_ > longest_gap) {
        memory_.clear();
        cpu_.reset();
    } else if (!memory_.empty() && at > at_) {
        cpu_ = std::max<sys::Millis>(0, cpu_ms - cpu_ms_) * 1000 / (at - at_);
    }
    at_ = at;
    cpu_ms_ = cpu_ms;
    memory_.push_back(bytes);
    if (memory_.size() > samples_kept) memory_.pop_front();
}

std::optional<std::int64_t> Meter::memory() const {
    if (memory_.empty()) return std::nullopt;
    return memory_.back();
}

}  // namespace sigmund::top
