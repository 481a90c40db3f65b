// SPDX-License-Identifier: Apache-2.0
// flock(2) locks. They belong to the open file description: fork shares them, and the last close frees them,
// so a lock held by a process is released by the kernel however that process ends.
#pragma once

namespace sigmund::sys {

enum class LockMode { shared, exclusive };

// ask: takes the lock or returns false at once. Throws on anything but "held by another".
bool try_lock(int fd, LockMode mode);
// must: waits for it.
void wait_lock(int fd, LockMode mode);
// Whether somebody holds the file exclusively, asked by trying a shared lock for a moment.
bool is_locked(int fd);
// Whether dir/name still is the file behind fd: a lock on an unlinked file protects nothing.
bool still_named(int fd, int dir, const char* name) noexcept;

}  // namespace sigmund::sys
