// SPDX-License-Identifier: Apache-2.0
#include "sys/terminal_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include <bit>
#include <charconv>
#include <string>

#include "sys/fd.hpp"

namespace sigmund::sys {
namespace {

// Returns whether it is /dev/tty, the controlling terminal of the process that has opened it (tty(4)).
bool is_controlling_terminal(dev_t device) {
    return device == makedev(5, 0);
}

template <typename T>
bool read_memory(pid_t pid, std::uint64_t address, T& out) {
    const iovec here{&out, sizeof out};
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address in the other process
    const iovec there{reinterpret_cast<void*>(static_cast<std::uintptr_t>(address)), sizeof out};
    return ::process_vm_readv(pid, &here, 1, &there, 1, 0) == static_cast<ssize_t>(sizeof out);
}

// Returns the only descriptor that select(2) waits for, or -1.
int selected(pid_t pid, const BlockedCall& call) {
    const auto [count, read, write, except, timeout, mask] = call.arguments;
    std::uint64_t set = 0, others = 0;
    if (timeout != 0 || read == 0 || count == 0 || count > 64 || !read_memory(pid, read, set)) return -1;
    if (write != 0 && (!read_memory(pid, write, others) || others != 0)) return -1;
    return std::has_single_bit(set) ? std::countr_zero(set) : -1;
}

// Returns the only descriptor that poll(2) waits for, or -1.
int polled(pid_t pid, const BlockedCall& call, bool endless) {
    pollfd entry{};
    if (!endless || call.arguments[1] != 1 || !read_memory(pid, call.arguments[0], entry)) return -1;
    return (entry.events & POLLIN) != 0 ? entry.fd : -1;
}

int descriptor_waited_for(pid_t pid, const BlockedCall& call) {
    switch (call.number) {
        case SYS_read:
        case SYS_readv:
            return static_cast<int>(call.arguments[0]);
#ifdef SYS_select
        case SYS_select:
#endif
        case SYS_pselect6:
            return selected(pid, call);
#ifdef SYS_poll
        case SYS_poll:
            return polled(pid, call, static_cast<int>(call.arguments[2]) < 0);
#endif
        case SYS_ppoll:
            return polled(pid, call, call.arguments[2] == 0);
        default:
            return -1;
    }
}

}  // namespace

std::optional<BlockedCall> parse_blocked_call(std::string_view line) {
    BlockedCall out;
    const auto take = [&](auto& number, int base) {
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number, base);
        if (error != std::errc()) return false;
        line.remove_prefix(static_cast<std::size_t>(end - line.data()));
        return true;
    };
    if (!take(out.number, 10) || out.number < 0) return std::nullopt;
    for (std::uint64_t& argument : out.arguments) {
        if (!line.starts_with(" 0x")) return std::nullopt;
        line.remove_prefix(3);
        if (!take(argument, 16)) return std::nullopt;
    }
    return out;
}

bool waits_for_terminal(const Procfs& proc, pid_t pid, dev_t terminal) {
    const std::string folder = proc.root() + '/' + std::to_string(pid);
    const Fd file(::open((folder + "/syscall").c_str(), O_RDONLY | O_CLOEXEC));
    char line[256];
    const ssize_t n = file ? ::read(file.get(), line, sizeof line) : -1;
    if (n <= 0) return false;
    const auto call = parse_blocked_call({line, static_cast<std::size_t>(n)});
    const int fd = call ? descriptor_waited_for(pid, *call) : -1;
    struct stat info {};
    return fd >= 0 && ::stat((folder + "/fd/" + std::to_string(fd)).c_str(), &info) == 0 &&
           S_ISCHR(info.st_mode) && (info.st_rdev == terminal || is_controlling_terminal(info.st_rdev));
}

}  // namespace sigmund::sys
