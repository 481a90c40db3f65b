// SPDX-License-Identifier: Apache-2.0
// The process title, and the caller's environment made unreadable: both are the memory that execve(2) laid
// out, which /proc/PID/cmdline and /proc/PID/environ show (proc(5)).
#pragma once
#include <cstdint>
#include <string_view>

namespace sigmund::sys {

// Once, at the top of main: where argv and the environment lie.
void remember_arguments(int argc, char** argv, char** environment) noexcept;
// Overwrites argv and the environment in place; afterwards /proc shows `title` and an empty environment, and
// getenv(3) finds nothing. A title longer than that memory is cut.
void become_untraceable(std::string_view title) noexcept;

// Where that memory lies: the title at its beginning, zeros behind it. All 0: not remembered.
struct TitleMemory {
    std::uintptr_t begin, title_end, end;
};
TitleMemory title_memory() noexcept;

}  // namespace sigmund::sys
