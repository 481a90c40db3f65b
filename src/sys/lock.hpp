// SPDX-License-Identifier: Apache-2.0
// This file wraps flock(2) locks. A lock belongs to the open file description: fork shares it, and the last
// close releases it. The kernel therefore releases the lock of a process however that process ends.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

namespace sigmund::sys {

enum class LockMode { shared, exclusive };

// Takes the lock and returns true, or returns false at once when another process holds it. Throws
// std::system_error on any other failure.
bool try_lock(int fd, LockMode mode);
// Waits until it has the lock. Throws std::system_error.
void wait_lock(int fd, LockMode mode);
// Returns whether another process holds the file exclusively. It tries a shared lock for a moment to find
// out.
bool is_locked(int fd);
// Returns the inodes of the files that are locked by flock(2), sorted, of all file systems (/proc/locks). Locks of
// processes that this PID namespace does not see are not among them. Returns nothing when the list cannot be read.
std::optional<std::vector<std::uint64_t>> locked_inodes();
// Returns whether dir/name still is the file that fd has open: a lock on an unlinked file protects nothing.
bool still_named(int fd, int dir, const char* name) noexcept;

}  // namespace sigmund::sys
