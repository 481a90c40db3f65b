// SPDX-License-Identifier: Apache-2.0
// This file tells which processes /proc shows. In a /proc that was mounted for another PID namespace the
// numbers mean other processes, so nothing that is read there may be used. Every use of /proc checks this
// first.
#pragma once
#include <cstdint>

namespace sigmund::sys {

enum class ProcView : std::uint8_t {
    ours,     // /proc shows this process's own PID namespace
    foreign,  // /proc shows another PID namespace (unshare -pf without --mount-proc, nsenter -p without -m)
    missing,  // nothing is mounted there, or something that is not procfs
};

// Returns the current view. The answer is cached per mount, so that a repeated call costs one stat(2).
// Async-signal-safe, noexcept.
ProcView proc_view() noexcept;

}  // namespace sigmund::sys
