// SPDX-License-Identifier: Apache-2.0
// Root that works in a folder of another user opens, creates and removes files with that user's rights only:
// no link or special file in there can then lead root to a file that its owner could not reach. Signals and
// the identity of the process stay root's (credentials(7), setfsuid(2)).
#pragma once
#include <sys/types.h>

#include <optional>

namespace sigmund::sys {

// must: from here on every file is accessed as this user and group, without supplementary groups and without
// the capabilities that override file permissions.
void access_files_as(uid_t uid, gid_t gid);
// The user whose rights are used for files, if access_files_as() was called.
std::optional<uid_t> accessing_files_as() noexcept;
// Before a program is executed for root itself: everything as it was. Async-signal-safe.
void access_files_as_before() noexcept;

// Root's own rights for the time of one scope: for /proc, where files of a setuid program belong to root.
class OwnRights {
  public:
    OwnRights() noexcept;
    OwnRights(const OwnRights&) = delete;
    OwnRights& operator=(const OwnRights&) = delete;
    ~OwnRights();
};

}  // namespace sigmund::sys
