// SPDX-License-Identifier: Apache-2.0
#include "sys/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

#include "sys/refused_call.hpp"

namespace sigmund::sys {
namespace {

constexpr long pidfs_magic = 0x50494446;  // linux/magic.h, PID_FS_MAGIC
constexpr long procfs_magic = 0x9fa0;     // linux/magic.h, PROC_SUPER_MAGIC

// Async-signal-safe, as own_birth() is called between fork and exec.
Fd open_process_folder(pid_t pid) noexcept {
    char digits[16] = {};
    std::size_t at = sizeof digits - 1;
    for (; pid > 0; pid /= 10) digits[--at] = static_cast<char>('0' + pid % 10);
    const Fd proc(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
    Fd out(proc ? ::openat(proc.get(), digits + at, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1);
    if (proc && !out && errno == ENOENT) errno = ESRCH;
    return out;
}

// Returns whether the process of a folder /proc/PID has ended. The files of that folder never are those of a later
// process with the same number.
bool has_ended_in(int folder) noexcept {
    const Fd stat(::openat(folder, "stat", O_RDONLY | O_CLOEXEC));
    if (!stat) return errno == ENOENT || errno == ESRCH;
    char line[1024];
    const ssize_t n = ::read(stat.get(), line, sizeof line);
    if (n < 0) return errno == ESRCH;
    auto at = static_cast<std::size_t>(n);
    while (at > 0 && line[at - 1] != ')') --at;
    return at + 1 < static_cast<std::size_t>(n) && (line[at + 1] == 'Z' || line[at + 1] == 'X');
}

int pidfd_send(int pidfd, int signal, siginfo_t* info) noexcept {
    if (::syscall(SYS_pidfd_send_signal, pidfd, signal, info, 0) == 0) return 0;
    const int error = errno;
    return error == EPERM && !can_signal_by_pidfd() ? ENOSYS : error;
}

// Returns the 22nd field of a line of /proc/PID/stat (proc(5)), or 0 when it has none.
std::uint64_t start_ticks_in(const char* line, std::size_t size) noexcept {
    std::size_t at = size;
    while (at > 0 && line[at - 1] != ')') --at;  // a name may contain blanks and parentheses
    if (at == 0) return 0;
    for (int field = 2; at < size && field < 22; ++at)
        if (line[at] == ' ') ++field;
    std::uint64_t ticks = 0;
    for (; at < size && line[at] >= '0' && line[at] <= '9'; ++at)
        ticks = ticks * 10 + static_cast<std::uint64_t>(line[at] - '0');
    return ticks;
}

}  // namespace

ExitStatus ExitStatus::from(const siginfo_t& info) {
    if (info.si_code == CLD_EXITED) return exited(info.si_status);
    return killed(info.si_status, info.si_code == CLD_DUMPED);
}

Birth own_birth() noexcept {
    Birth birth;
    birth.pid = ::getpid();
    const Fd pidfd = open_pidfd(birth.pid);
    if (pidfd) birth.pidfd_ino = pidfd_inode(pidfd.get());
    const Fd stat(::open("/proc/self/stat", O_RDONLY | O_CLOEXEC));
    char line[1024];
    const ssize_t n = stat && pidfd ? ::read(stat.get(), line, sizeof line) : -1;
    if (n < 0) birth.error = errno;
    if (n > 0) birth.start_ticks = start_ticks_in(line, static_cast<std::size_t>(n));
    if (birth.start_ticks != 0) birth.start_ticks -= static_cast<std::uint64_t>(time_namespace_ticks());
    return birth;
}

Fd open_pidfd(pid_t pid) noexcept {
    const long fd = ::syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 && is_refused_call(errno) ? open_process_folder(pid) : Fd(static_cast<int>(fd));
}

std::uint64_t pidfd_inode(int pidfd) noexcept {
    struct statfs fs {};
    struct stat st {};
    if (::fstatfs(pidfd, &fs) != 0 || fs.f_type != pidfs_magic) return 0;
    return ::fstat(pidfd, &st) == 0 ? st.st_ino : 0;
}

bool tells_end(int pidfd) noexcept {
    struct statfs fs {};
    return ::fstatfs(pidfd, &fs) == 0 && fs.f_type != procfs_magic;
}

bool can_signal_by_pidfd() noexcept {
    static const bool can = [] {
        const Fd self = open_pidfd(::getpid());
        return !self || ::syscall(SYS_pidfd_send_signal, self.get(), 0, nullptr, 0) == 0 ||
               !is_refused_call(errno);
    }();
    return can;
}

int send_signal(int pidfd, int signal) noexcept {
    return pidfd_send(pidfd, signal, nullptr);
}

int send_signal_with(int pidfd, int signal, int value) noexcept {
    siginfo_t info{};
    info.si_signo = signal;
    info.si_code = SI_QUEUE;
    info.si_pid = ::getpid();
    info.si_uid = ::getuid();
    info.si_value.sival_int = value;
    return pidfd_send(pidfd, signal, &info);
}

bool has_ended(int pidfd) noexcept {
    pollfd p{pidfd, POLLIN, 0};
    return ::poll(&p, 1, 0) == 1 && (tells_end(pidfd) || has_ended_in(pidfd));
}

std::optional<Identity> identify(pid_t pid, int pidfd, const Procfs& proc) {
    errno = ESRCH;
    const auto stat = proc.stat(pid);
    if (!stat) {
        if (errno == ENOENT) errno = ESRCH;
        return std::nullopt;
    }
    Identity id;
    id.pid = pid;
    id.boot_id = boot_id();
    id.pid_ns = pid_namespace();
    id.start_ticks = stat->start_ticks;
    id.pidfd_ino = pidfd_inode(pidfd);
    id.exe = proc.exe(pid);
    // The process is still alive, so the data belongs to the process that the pidfd pins, not to a later
    // process with the same number.
    if (const int error = pidfd >= 0 ? send_signal(pidfd, 0) : 0; error != 0 && error != ENOSYS) {
        errno = error;
        return std::nullopt;
    }
    return id;
}

}  // namespace sigmund::sys
