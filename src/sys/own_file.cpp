// SPDX-License-Identifier: Apache-2.0
#include "sys/own_file.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "sys/rights.hpp"

namespace sigmund::sys {
namespace {

// O_NONBLOCK keeps open(2) of a FIFO from waiting. It has no effect on a regular file, but it is a flag of
// the open file description, which a command inherits, so open_own() clears it afterwards.
constexpr int careful = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

// When root works in another user's store, files must belong to that user.
uid_t file_user() {
    return accessing_files_as().value_or(::geteuid());
}

// O_NOFOLLOW applies to the last component only. Below a folder that is held open no component may be a link,
// because it could lead out of that folder (openat2(2), Linux 5.6; some containers refuse it with EPERM).
int open_below(int dir, const char* name, int flags, mode_t mode) noexcept {
    if (dir != AT_FDCWD && name[0] != '/') {
        open_how how{};
        how.flags = static_cast<std::uint64_t>(flags);
        how.mode = (flags & O_CREAT) != 0 ? mode & 07777U : 0;
        how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
        const long fd = ::syscall(SYS_openat2, dir, name, &how, sizeof how);
        if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(fd);
    }
    return ::openat(dir, name, flags, mode);
}

// Returns whether users other than this one and root can create names in the folder of `name`.
bool folder_is_shared(int dir, const char* name) {
    const char* slash = std::strrchr(name, '/');
    const std::string folder = !slash ? "." : slash == name ? "/" : std::string(name, slash);
    struct stat st {};
    if (::fstatat(dir, folder.c_str(), &st, 0) != 0) return true;
    return (st.st_uid != file_user() && st.st_uid != 0) || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

int fault_of(int fd, int dir, const char* name, int access) {
    struct stat st {};
    if (::fstat(fd, &st) != 0) return errno;
    if (S_ISDIR(st.st_mode)) return EISDIR;
    if (!S_ISREG(st.st_mode)) return EINVAL;
    if (st.st_uid != file_user()) return EPERM;
    // A second name that another user made may lead to a file that was never meant to be written.
    if ((access & O_ACCMODE) != O_RDONLY && st.st_nlink > 1 && folder_is_shared(dir, name)) return EMLINK;
    return 0;
}

}  // namespace

Fd create_own(int dir, const char* name, int access, mode_t mode) noexcept {
    return Fd(open_below(dir, name, access | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode));
}

Fd open_own(int dir, const char* name, int access) noexcept {
    Fd fd(open_below(dir, name, access | careful, 0));
    int error = 0;
    if (!fd) {
        error = errno;
        // This is a FIFO without a reader, or a socket: open(2) gives ENXIO for both.
        if (error == ENXIO || error == ENODEV) error = EINVAL;
        if (error == EPERM) error = EACCES;  // an immutable file; EPERM stands for another user's file
    } else {
        try {
            error = fault_of(fd.get(), dir, name, access);
        } catch (...) {
            error = ENOMEM;
        }
        if (error == 0 && ::fcntl(fd.get(), F_SETFL, access & O_APPEND) != 0) error = errno;
    }
    if (error == 0) return fd;
    fd.reset();
    errno = error;
    return fd;
}

Fd open_or_create_own(int dir, const char* name, int access, mode_t mode) noexcept {
    // Another process may create or remove the file between the two calls; then both are repeated.
    for (int attempt = 0; attempt < 8; ++attempt) {
        Fd fd = create_own(dir, name, access, mode);
        if (fd || errno != EEXIST) return fd;
        fd = open_own(dir, name, access);
        if (fd || errno != ENOENT) return fd;
    }
    return Fd();
}

const char* why_not_own(int error) noexcept {
    switch (error) {
        case ELOOP:
            return "is a symbolic link";
        case EISDIR:
            return "is a folder";
        case EPERM:
            return "belongs to another user";
        case EMLINK:
            return "has a second name (a hard link), in a folder where other users can create names";
        case EINVAL:
            return "is a FIFO, a socket or a device";
        default:
            return nullptr;
    }
}

}  // namespace sigmund::sys
