// SPDX-License-Identifier: Apache-2.0
// What the processes of a run, of one of its lives or of a worker have used until they ended, as a record keeps it.
// All of it is empty while they live, and when no guardian saw their end.
#pragma once
#include <cstdint>
#include <optional>

#include "sys/clock.hpp"

namespace sigmund::run {

struct Used {
    std::optional<sys::Millis> cpu_user_ms, cpu_system_ms;  // summed over all processes
    std::optional<std::int64_t> peak_memory_bytes;          // of the largest process

    std::optional<sys::Millis> cpu_ms() const {
        if (!cpu_user_ms || !cpu_system_ms) return {};
        return *cpu_user_ms + *cpu_system_ms;
    }
    bool operator==(const Used&) const = default;
};

}  // namespace sigmund::run
