// SPDX-License-Identifier: Apache-2.0
#include "sys/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>

#include "sys/error.hpp"
#include "sys/fd.hpp"
#include "sys/file.hpp"

namespace sigmund::sys {

bool try_lock(int fd, LockMode mode) {
    const int operation = (mode == LockMode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
    while (::flock(fd, operation) != 0) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK) return false;
        fail(errno, "flock");
    }
    return true;
}

void wait_lock(int fd, LockMode mode) {
    while (::flock(fd, mode == LockMode::shared ? LOCK_SH : LOCK_EX) != 0)
        if (errno != EINTR) fail(errno, "flock");
}

bool is_locked(int fd) {
    if (!try_lock(fd, LockMode::shared)) return true;
    ::flock(fd, LOCK_UN);
    return false;
}

std::optional<std::vector<std::uint64_t>> locked_inodes() {
    std::string text;
    const Fd fd(::open("/proc/locks", O_RDONLY | O_CLOEXEC));
    if (!fd || read_all(fd.get(), text, std::size_t{64} << 20) != 0) return std::nullopt;
    std::vector<std::uint64_t> out;
    // 1: FLOCK  ADVISORY  WRITE 708 00:19:1234 0 EOF. A process that waits for a lock has an arrow in its line.
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        std::string_view line = std::string_view(text).substr(at, end - at);
        at = end + 1;
        if (line.find(" FLOCK ") == line.npos) continue;
        line = line.substr(0, line.rfind(' ', line.rfind(' ') - 1));
        line.remove_prefix(line.rfind(':') + 1);
        std::uint64_t inode = 0;
        if (std::from_chars(line.data(), line.data() + line.size(), inode).ec == std::errc{})
            out.push_back(inode);
    }
    std::sort(out.begin(), out.end());
    return out;
}

bool still_named(int fd, int dir, const char* name) noexcept {
    struct stat held {};
    struct stat named {};
    return ::fstat(fd, &held) == 0 && ::fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

}  // namespace sigmund::sys
