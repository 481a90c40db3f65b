// SPDX-License-Identifier: Apache-2.0
// When root works in a folder of another user, it opens, creates and removes files with that user's rights
// only. Then no link or special file in that folder can lead root to a file that the owner could not reach.
// For signals and for its identity the process stays root (credentials(7), setfsuid(2)).
#pragma once
#include <sys/types.h>

#include <optional>

namespace sigmund::sys {

// Makes this process access all files as this user and group, without supplementary groups and without the
// capabilities that override file permissions. Throws std::system_error.
void access_files_as(uid_t uid, gid_t gid);
// Returns the user whose rights are used for files, or nothing if access_files_as() was not called.
std::optional<uid_t> accessing_files_as() noexcept;
// Restores the earlier rights, before a program is executed for root itself. Async-signal-safe.
void access_files_as_before() noexcept;

// Gives root its own rights back for one scope. It is needed for /proc, where root owns the files of setuid
// programs.
class OwnRights {
  public:
    OwnRights() noexcept;
    OwnRights(const OwnRights&) = delete;
    OwnRights& operator=(const OwnRights&) = delete;
    ~OwnRights();
};

}  // namespace sigmund::sys
