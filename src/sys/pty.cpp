// SPDX-License-Identifier: Apache-2.0
#include "sys/pty.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <cerrno>

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
    if (!pty.slave || ::tcgetattr(pty.slave.get(), &mode) != 0) {
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
