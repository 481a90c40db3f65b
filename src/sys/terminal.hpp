// SPDX-License-Identifier: Apache-2.0
// Terminals: is it one, and how wide.
#pragma once
#include <cstddef>

namespace sigmund::sys {

bool is_terminal(int fd) noexcept;
struct TerminalSize {
    std::size_t columns = 80;
    std::size_t rows = 24;
};
// The window's size; COLUMNS and 80x24 where the kernel does not know.
TerminalSize terminal_size(int fd) noexcept;

}  // namespace sigmund::sys
