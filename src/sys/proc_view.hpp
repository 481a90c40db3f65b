// SPDX-License-Identifier: Apache-2.0
// Which processes /proc shows. A /proc that was mounted for another PID namespace shows numbers that mean
// other processes here: nothing read there may be used. Every look at /proc asks this first.
#pragma once
#include <cstdint>

namespace sigmund::sys {

enum class ProcView : std::uint8_t {
    ours,     // of this process's own PID namespace
    foreign,  // of another PID namespace (unshare -pf without --mount-proc, nsenter -p without -m)
    missing,  // nothing is mounted there, or something that is not procfs
};

// The view at this moment. The answer is kept per mount, so that asking again costs one stat(2).
// Async-signal-safe, noexcept.
ProcView proc_view() noexcept;

}  // namespace sigmund::sys
