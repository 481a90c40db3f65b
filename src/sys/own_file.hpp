// SPDX-License-Identifier: Apache-2.0
// This file holds the one rule for opening files that another user could have put in place: never follow a
// link, never wait for the other end of a FIFO, never open a device, and never another user's file. The
// checks look at the opened file, not at its name, so that nobody can exchange it in between. Every file that
// a launcher or a guardian writes, locks or reads by a known name is opened here.
#pragma once
#include <sys/types.h>

#include "sys/fd.hpp"

namespace sigmund::sys {

// Creates a new file (O_EXCL). `access` is O_WRONLY or O_RDWR, with O_APPEND where wanted. Returns an empty
// Fd with errno set on failure; EEXIST when the name exists already, whatever kind of file it is.
Fd create_own(int dir, const char* name, int access, mode_t mode = 0600) noexcept;

// Opens an existing file. `access` is O_RDONLY, O_WRONLY or O_RDWR, with O_APPEND where wanted. Returns an
// empty Fd with errno set on failure. When the file is not a regular file of this user, errno is ELOOP for a
// symbolic link, EISDIR for a folder, EPERM for another user's file, EMLINK for a file that is to be written
// and has a second name in a folder where others can create names, and EINVAL for everything else (a FIFO, a
// socket, a device).
Fd open_own(int dir, const char* name, int access) noexcept;

// Opens the existing file, or creates it. Fails as open_own() and create_own() do.
Fd open_or_create_own(int dir, const char* name, int access, mode_t mode = 0600) noexcept;

// Returns the meaning of an errno of open_own() for a message, such as "is a FIFO, a socket or a device", or
// nullptr for an errno that says nothing about the kind of file.
const char* why_not_own(int error) noexcept;

}  // namespace sigmund::sys
