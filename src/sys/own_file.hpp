// SPDX-License-Identifier: Apache-2.0
// The one rule by which files are opened that somebody else could have put in place: never through a link,
// never waiting for the other end of a FIFO, never a device, and never another user's file. What was opened
// is looked at, not its name, so that nobody can swap it in between. Every file that a launcher or a guardian
// writes, locks or reads by a known name goes through here.
#pragma once
#include <sys/types.h>

#include "sys/fd.hpp"

namespace sigmund::sys {

// ask: a new file of our own (O_EXCL). `access`: O_WRONLY or O_RDWR, with O_APPEND where wanted. Empty with
// errno; EEXIST: something of that name is there, of whatever kind.
Fd create_own(int dir, const char* name, int access, mode_t mode = 0600) noexcept;

// ask: a file that is there already. `access`: O_RDONLY, O_WRONLY or O_RDWR, with O_APPEND where wanted.
// Empty with errno; of what is not a regular file of ours: ELOOP for a symbolic link, EISDIR for a folder,
// EPERM for another user's file, EMLINK for a file that is to be written and has a second name in a folder
// where others can make names, EINVAL for everything else (a FIFO, a socket, a device).
Fd open_own(int dir, const char* name, int access) noexcept;

// ask: the one that is there, or a new one.
Fd open_or_create_own(int dir, const char* name, int access, mode_t mode = 0600) noexcept;

// What the errno of open_own() means for people, for the messages: "is a FIFO, a socket or a device"...
const char* why_not_own(int error) noexcept;

}  // namespace sigmund::sys
