// SPDX-License-Identifier: Apache-2.0
// This file describes processes as values: their identity (Identity) and how they ended (ExitStatus). It also
// wraps pidfds, the only safe way to send signals.
#pragma once
#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "sys/fd.hpp"
#include "sys/procfs.hpp"

namespace sigmund::sys {

// How a process ended. Raw wait statuses are converted at once and never passed on.
struct ExitStatus {
    bool known = false;
    int code = 0;       // the exit status, when signal is 0
    int signal = 0;     // the signal that ended it
    bool core = false;  // a core was dumped

    static ExitStatus exited(int code) { return {true, code, 0, false}; }
    static ExitStatus killed(int signal, bool core) { return {true, 0, signal, core}; }
    // Converts the siginfo of waitid(2) (si_code, si_status).
    static ExitStatus from(const siginfo_t& info);
    // Returns the value that a shell gives $?: the code, or 128 + signal.
    int shell_code() const { return signal != 0 ? 128 + signal : code; }
    bool success() const { return known && signal == 0 && code == 0; }
    bool operator==(const ExitStatus&) const = default;
};

// Identifies one process uniquely within one boot and one PID namespace.
struct Identity {
    pid_t pid = 0;
    std::string boot_id;
    std::uint64_t pid_ns = 0;
    std::uint64_t start_ticks = 0;
    std::uint64_t pidfd_ino = 0;  // 0: in this kernel pidfds have no inode of their own (before 6.9)
    FileId exe;
};

// What a process can tell about itself for its identity. start_ticks is 0 when it could not be read, with the
// reason in `error` (errno).
struct Birth {
    pid_t pid = 0;
    std::uint64_t start_ticks = 0;
    std::uint64_t pidfd_ino = 0;
    int error = 0;
};
// Returns the birth of the calling process. Async-signal-safe, once time_namespace_ticks() has been called.
Birth own_birth() noexcept;

// Calls pidfd_open(2) (Linux 5.3). Where the system refuses that call, the descriptor is that of the folder /proc/PID
// instead: it pins the process as well (proc(5)), and pidfd_send_signal(2) accepts it (Linux 5.1), but poll(2) tells
// nothing about it (see tells_end()). Returns an empty Fd with errno set on failure; ESRCH when there is no such
// process.
Fd open_pidfd(pid_t pid) noexcept;
// Returns the unique inode of a pidfd (pidfs, Linux 6.9, where fstatfs(2) gives 0x50494446), or 0 on older
// kernels.
std::uint64_t pidfd_inode(int pidfd) noexcept;
// Returns whether poll(2) tells when the process of this descriptor ends. It does for a pidfd.
bool tells_end(int pidfd) noexcept;
// Calls pidfd_send_signal(2). Returns 0 or errno: ENOSYS where the system refuses the call, EPERM only where this user
// may not signal the process.
int send_signal(int pidfd, int signal) noexcept;
// The same with a value for the receiver's siginfo, as sigqueue(3) sends it.
int send_signal_with(int pidfd, int signal, int value) noexcept;
// Returns whether the system has pidfd_send_signal(2) (Linux 5.1). Without it only a child can be signalled safely,
// whose number is not given to another process before its parent reaps it.
bool can_signal_by_pidfd() noexcept;
// Returns whether the process has ended. A zombie has ended.
bool has_ended(int pidfd) noexcept;

// Reads the identity of a live process while `pidfd` pins it, or while it is an unreaped child. Returns nothing with errno
// set: ESRCH when the process has ended, else the reason why it could not be read (EMFILE, ENOMEM).
std::optional<Identity> identify(pid_t pid, int pidfd, const Procfs& proc = Procfs());

}  // namespace sigmund::sys
