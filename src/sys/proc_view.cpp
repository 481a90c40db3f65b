// SPDX-License-Identifier: Apache-2.0
#include "sys/proc_view.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sigmund::sys {
namespace {

constexpr long procfs_magic = 0x9fa0;  // linux/magic.h, PROC_SUPER_MAGIC

bool digit(char c) {
    return c >= '0' && c <= '9';
}

// Returns the reader's number in the namespace that the mount shows, from the link /proc/self. Returns 0 when
// there is no such link.
pid_t self_link() noexcept {
    char link[16];
    const ssize_t length = readlink("/proc/self", link, sizeof link);
    if (length <= 0 || length >= static_cast<ssize_t>(sizeof link)) return 0;
    pid_t pid = 0;
    for (ssize_t i = 0; i < length; ++i) {
        if (!digit(link[i])) return 0;
        pid = pid * 10 + (link[i] - '0');
    }
    return pid;
}

// The NSpid line of status (proc(5), Linux 4.1) has one number for each namespace from the mount's down to
// the process's own, hence exactly one where both are the same. Returns how many there are, or 0 when it
// cannot be told.
int namespaces_below() noexcept {
    const int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    char text[4096];
    std::size_t size = 0;
    ssize_t got;
    while (size < sizeof text - 1 && (got = read(fd, text + size, sizeof text - 1 - size)) != 0) {
        if (got > 0) size += static_cast<std::size_t>(got);
        if (got < 0 && errno != EINTR) break;
    }
    close(fd);
    text[size] = 0;
    const char* line = strstr(text, "\nNSpid:");
    if (!line) return 0;
    int count = 0;
    for (const char* c = line + 7; *c != 0 && *c != '\n'; ++c)
        if (digit(*c) && !digit(c[-1])) ++count;
    return count;
}

ProcView look() noexcept {
    struct statfs fs {};
    if (statfs("/proc", &fs) != 0 || fs.f_type != procfs_magic) return ProcView::missing;
    if (self_link() != getpid()) return ProcView::foreign;
    return namespaces_below() > 1 ? ProcView::foreign : ProcView::ours;
}

}  // namespace

ProcView proc_view() noexcept {
    // Every procfs mount has its own device number (Linux 5.8), and a process cannot change its own PID
    // namespace, so the answer stays true as long as the same file system is mounted there. Before 5.8 mounts
    // of one namespace share a device number.
    static dev_t known_device = 0;
    static ProcView known = ProcView::missing;
    struct stat st {};
    if (stat("/proc", &st) != 0) return ProcView::missing;
    if (known_device != st.st_dev || known != ProcView::ours) {
        known = look();
        known_device = st.st_dev;
    }
    return known;
}

}  // namespace sigmund::sys
