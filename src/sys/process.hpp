// SPDX-License-Identifier: Apache-2.0
// Processes as values: who one is (Identity), how it ended (ExitStatus), and pidfds, the only way to signal
// safely.
#pragma once
#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "sys/fd.hpp"
#include "sys/procfs.hpp"

namespace sigmund::sys {

// How a process ended. A raw wait status never travels.
struct ExitStatus {
    bool known = false;
    int code = 0;       // exit status, when signal is 0
    int signal = 0;     // the signal that ended it
    bool core = false;  // a core was dumped

    static ExitStatus exited(int code) { return {true, code, 0, false}; }
    static ExitStatus killed(int signal, bool core) { return {true, 0, signal, core}; }
    // From waitid(2)'s siginfo (si_code, si_status).
    static ExitStatus from(const siginfo_t& info);
    // What a shell would say: the code, or 128 + signal.
    int shell_code() const { return signal != 0 ? 128 + signal : code; }
    bool success() const { return known && signal == 0 && code == 0; }
    bool operator==(const ExitStatus&) const = default;
};

// Names one process for good, within one boot and one PID namespace.
struct Identity {
    pid_t pid = 0;
    std::string boot_id;
    std::uint64_t pid_ns = 0;
    std::uint64_t start_ticks = 0;
    std::uint64_t pidfd_ino = 0;  // 0: this kernel gives pidfds no inode of their own (before 6.9)
    FileId exe;
};

// pidfd_open(2), Linux 5.3. Empty with errno set: ESRCH when there is no such process.
Fd open_pidfd(pid_t pid) noexcept;
// The pidfd's unique inode (pidfs, Linux 6.9: fstatfs says 0x50494446); 0 on older kernels.
std::uint64_t pidfd_inode(int pidfd) noexcept;
// pidfd_send_signal(2). Returns 0 or errno.
int send_signal(int pidfd, int signal) noexcept;
// The same as sigqueue(3) does it, with a number that the receiver's siginfo has.
int send_signal_with(int pidfd, int signal, int value) noexcept;
// The same to the process group whose leader the pidfd is (PIDFD_SIGNAL_PROCESS_GROUP, Linux 6.9); EINVAL
// before.
int send_group_signal(int pidfd, int signal) noexcept;
// Whether the process has ended; a zombie has.
bool has_ended(int pidfd) noexcept;

// ask: the identity of a live process, read while `pidfd` pins it. Nothing with errno set: ESRCH when it has
// ended, else why it could not be read (EMFILE, ENOMEM).
std::optional<Identity> identify(pid_t pid, int pidfd, const Procfs& proc = Procfs());

}  // namespace sigmund::sys
