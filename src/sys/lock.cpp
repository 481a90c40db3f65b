// SPDX-License-Identifier: Apache-2.0
#include "sys/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "sys/error.hpp"
#include "sys/refused_call.hpp"

namespace sigmund::sys {
namespace {

[[noreturn]] void fail_to_lock(int fd, int error) {
    if (error != ENOLCK && error != EOPNOTSUPP && !is_refused_call(error)) fail(error, "flock");
    char path[4096];
    const ssize_t n = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path, sizeof path);
    throw NoLocks(error, n > 0 ? std::string(path, static_cast<std::size_t>(n)) : "a file of the store");
}

}  // namespace

bool try_lock(int fd, LockMode mode) {
    const int operation = (mode == LockMode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
    while (::flock(fd, operation) != 0) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK) return false;
        fail_to_lock(fd, errno);
    }
    return true;
}

void wait_lock(int fd, LockMode mode) {
    while (::flock(fd, mode == LockMode::shared ? LOCK_SH : LOCK_EX) != 0)
        if (errno != EINTR) fail_to_lock(fd, errno);
}

bool is_locked(int fd) {
    if (!try_lock(fd, LockMode::shared)) return true;
    ::flock(fd, LOCK_UN);
    return false;
}

namespace {

bool change_bytes(int fd, short type, int from, int count) {
    struct flock range {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = from;
    range.l_len = count;
    while (::fcntl(fd, F_OFD_SETLK, &range) != 0) {
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EACCES) return false;
        fail(errno, "fcntl");
    }
    return true;
}

}  // namespace

bool try_lock_bytes(int fd, LockMode mode, int from, int count) {
    return change_bytes(fd, mode == LockMode::shared ? F_RDLCK : F_WRLCK, from, count);
}

void unlock_bytes(int fd, int from, int count) {
    change_bytes(fd, F_UNLCK, from, count);
}

bool still_named(int fd, int dir, const char* name) noexcept {
    struct stat held {};
    struct stat named {};
    return ::fstat(fd, &held) == 0 && ::fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

namespace {

struct flock bytes(short type, long at, long count) {
    struct flock out {};
    out.l_type = type;
    out.l_whence = SEEK_SET;
    out.l_start = at;
    out.l_len = count;
    return out;
}

}  // namespace

long first_mark(int fd, long from, long count) noexcept {
    struct flock other = bytes(F_WRLCK, from, count);
    return ::fcntl(fd, F_OFD_GETLK, &other) == 0 && other.l_type != F_UNLCK ? other.l_start : -1;
}

void mark_byte(int fd, long at) noexcept {
    struct flock mark = bytes(F_RDLCK, at, 1);
    ::fcntl(fd, F_OFD_SETLK, &mark);
}

bool is_marked(int fd, long at) noexcept {
    return first_mark(fd, at, 1) >= 0;
}

bool has_marks(int fd) noexcept {
    return first_mark(fd, 0, 0) >= 0;  // 0 bytes: to the end, wherever that may be
}

}  // namespace sigmund::sys
