// SPDX-License-Identifier: Apache-2.0
#include "sys/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace sigmund::sys {

bool is_terminal(int fd) noexcept {
    return ::isatty(fd) == 1;
}

TerminalSize terminal_size(int fd) noexcept {
    TerminalSize size;
    winsize window{};
    if (::ioctl(fd, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
        size.columns = window.ws_col;
        if (window.ws_row > 0) size.rows = window.ws_row;
    } else if (const char* columns = std::getenv("COLUMNS")) {
        const int n = std::atoi(columns);
        if (n > 0 && n < 10000) size.columns = static_cast<std::size_t>(n);
    }
    return size;
}

}  // namespace sigmund::sys
