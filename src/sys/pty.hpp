// SPDX-License-Identifier: Apache-2.0
// A pseudo-terminal: what a program takes for the terminal of a person. Kernel facts: pty(7), tty_ioctl(4).
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sys/fd.hpp"
#include "sys/terminal.hpp"

namespace sigmund::sys {

struct Pty {
    Fd master;  // does not block
    Fd slave;   // the program's end, which never becomes the controlling terminal of this process
};

// Opens a new one of this size, which takes UTF-8 for one character when it erases. On failure both are empty
// and errno is set.
Pty open_pty(TerminalSize size) noexcept;

// Whether the output of a terminal was stopped or started again by Ctrl-S and Ctrl-Q, or by tcflow(3).
enum class Flow : std::uint8_t { as_before, stopped, started };
// Reads what was written to the terminal from its master, as read(2) does, and what became of the flow before that.
// Returns nothing when there is no more now, or no program has the terminal any more. The byte before `buffer` is
// used meanwhile: the kernel puts a status before the bytes (TIOCPKT in ioctl_tty(2)).
std::optional<std::size_t> read_master(int master, char* buffer, std::size_t size, Flow& flow) noexcept;

// Returns the process group in the foreground, by the master; 0: there is none.
pid_t foreground_group(int master) noexcept;

// Sets the size. The processes in the foreground get SIGWINCH when it differs. Returns 0 or errno.
int set_terminal_size(int fd, TerminalSize size) noexcept;

// How a terminal takes input, of either of its ends.
struct LineMode {
    bool canonical = true;  // line by line
    char end_of_file = 4;   // '\0': none
};
LineMode line_mode(int fd) noexcept;

// The most bytes that a terminal takes in one line, its end included, in canonical mode. The kernel drops what
// is beyond (termios(3)).
inline constexpr std::size_t canonical_limit = 4095;

}  // namespace sigmund::sys
