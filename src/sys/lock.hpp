// SPDX-License-Identifier: Apache-2.0
// This file wraps locks of files. A lock belongs to the open file description: fork shares it, and the last
// close releases it. The kernel therefore releases the lock of a process however that process ends.
#pragma once
#include <string>
#include <system_error>

namespace sigmund::sys {

// A file cannot be locked: its file system has no locks (NFS without its lock service), or a sandbox refuses flock(2).
struct NoLocks : std::system_error {
    NoLocks(int error, const std::string& file)
        : std::system_error(error, std::generic_category(), "cannot lock " + file) {}
};

enum class LockMode { shared, exclusive };

// Takes the lock and returns true, or returns false at once when another process holds it. Throws NoLocks, or
// std::system_error on any other failure.
bool try_lock(int fd, LockMode mode);
// Waits until it has the lock. Throws as try_lock().
void wait_lock(int fd, LockMode mode);
// Returns whether another process holds the file exclusively. It tries a shared lock for a moment to find
// out.
bool is_locked(int fd);
// The same for a part of a file: `count` bytes from `from` on, which need not exist. These locks are apart from
// those of flock(2), and belong to the open file description, too (F_OFD_SETLK, fcntl(2)).
bool try_lock_bytes(int fd, LockMode mode, int from, int count);
void unlock_bytes(int fd, int from, int count);
// Returns whether dir/name still is the file that fd has open: a lock on an unlinked file protects nothing.
bool still_named(int fd, int dir, const char* name) noexcept;

// Marks a byte of a file, which need not exist, for as long as this open file description lives (fcntl(2), open file
// description locks). Several may mark the same byte. Without room for a lock nothing is marked.
void mark_byte(int fd, long at) noexcept;
// Returns whether another open file description marks that byte.
bool is_marked(int fd, long at) noexcept;
// Returns whether another one marks any byte.
bool has_marks(int fd) noexcept;
// Returns the first of `count` bytes from `from` on that another one marks, or -1.
long first_mark(int fd, long from, long count) noexcept;

}  // namespace sigmund::sys
