// SPDX-License-Identifier: Apache-2.0
// Whether a process sleeps until somebody types. The kernel tells in which system call a process sleeps
// (/proc/PID/syscall in proc(5)) to root, and to whoever may trace it: with the Yama module only to its
// ancestors (ptrace(2)).
#pragma once
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sys/procfs.hpp"

namespace sigmund::sys {

// The system call in which a process sleeps.
struct BlockedCall {
    long number = -1;
    std::array<std::uint64_t, 6> arguments = {};
    bool operator==(const BlockedCall&) const = default;
};
// Parses the content of the file. Returns nothing for a process that runs, and for a malformed line.
std::optional<BlockedCall> parse_blocked_call(std::string_view line);

// Returns whether this process waits, without a limit of time, for input of this terminal (its st_rdev) and for nothing
// else: in read(2), or in select(2) or poll(2) with one descriptor. Returns false where the kernel does not tell.
bool waits_for_terminal(const Procfs& proc, pid_t pid, dev_t terminal);

}  // namespace sigmund::sys
