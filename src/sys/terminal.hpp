// SPDX-License-Identifier: Apache-2.0
// This file tells whether a descriptor is a terminal, and how large that is.
#pragma once
#include <cstddef>

namespace sigmund::sys {

// Returns whether the descriptor is a terminal (isatty(3)).
bool is_terminal(int fd) noexcept;
struct TerminalSize {
    std::size_t columns = 80;
    std::size_t rows = 24;
};
// Returns the size of the window. Where the kernel does not know it, the variable COLUMNS and 80x24 are used.
TerminalSize terminal_size(int fd) noexcept;

}  // namespace sigmund::sys
