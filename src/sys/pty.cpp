// SPDX-License-Identifier: Apache-2.0
#include "sys/pty.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sigmund::sys {
namespace {

// The other end by the master itself (Linux 4.13), so that a /dev/pts of another mount namespace is not needed;
// before that by its name.
Fd open_slave(int master) noexcept {
    const int fd = ::ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0 || errno == EMFILE || errno == ENFILE) return Fd(fd);
    char name[64];
    if (::ptsname_r(master, name, sizeof name) != 0) return {};
    return Fd(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
}

}  // namespace

Pty open_pty(TerminalSize size) noexcept {
    Pty pty;
    pty.master.reset(::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    if (!pty.master) return {};
    if (::unlockpt(pty.master.get()) == 0) pty.slave = open_slave(pty.master.get());
    termios mode{};
    int packets = 1;
    if (!pty.slave || ::ioctl(pty.master.get(), TIOCPKT, &packets) != 0 ||
        ::tcgetattr(pty.slave.get(), &mode) != 0) {
        const int error = errno;
        pty = {};
        errno = error;
        return pty;
    }
    mode.c_iflag |= IUTF8;
    ::tcsetattr(pty.slave.get(), TCSANOW, &mode);
    set_terminal_size(pty.slave.get(), size);
    return pty;
}

std::optional<std::size_t> read_master(int master, char* buffer, std::size_t size, Flow& flow) noexcept {
    flow = Flow::as_before;
    const char kept = buffer[-1];
    ssize_t n = 0;
    do n = ::read(master, buffer - 1, size + 1);
    while (n < 0 && errno == EINTR);
    const int status = static_cast<unsigned char>(std::exchange(buffer[-1], kept));
    if (n <= 0) return std::nullopt;
    if ((status & TIOCPKT_STOP) != 0) flow = Flow::stopped;
    if ((status & TIOCPKT_START) != 0) flow = Flow::started;
    return static_cast<std::size_t>(n - 1);
}

pid_t foreground_group(int master) noexcept {
    return std::max<pid_t>(::tcgetpgrp(master), 0);
}

int set_terminal_size(int fd, TerminalSize size) noexcept {
    winsize window{};
    window.ws_col = static_cast<unsigned short>(size.columns);
    window.ws_row = static_cast<unsigned short>(size.rows);
    return ::ioctl(fd, TIOCSWINSZ, &window) == 0 ? 0 : errno;
}

LineMode line_mode(int fd) noexcept {
    termios mode{};
    LineMode out;
    if (::tcgetattr(fd, &mode) != 0) return out;
    out.canonical = (mode.c_lflag & ICANON) != 0;
    out.end_of_file = static_cast<char>(mode.c_cc[VEOF]);
    return out;
}

}  // namespace sigmund::sys
