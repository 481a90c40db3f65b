// SPDX-License-Identifier: Apache-2.0
// This file sets the process title and makes the caller's environment unreadable. Both lie in the memory that
// execve(2) filled, which /proc/PID/cmdline and /proc/PID/environ show (proc(5)).
#pragma once
#include <cstdint>
#include <string_view>

namespace sigmund::sys {

// Remembers where argv and the environment lie. It must be called once, at the beginning of main.
void remember_arguments(int argc, char** argv, char** environment) noexcept;
// Overwrites argv and the environment in place. Afterwards /proc shows `title` and an empty environment, and
// getenv(3) finds nothing. A title that is longer than that memory is cut.
void become_untraceable(std::string_view title) noexcept;

// The addresses of that memory: the title is at its beginning, followed by zeros. All are 0 when
// remember_arguments() was not called.
struct TitleMemory {
    std::uintptr_t begin, title_end, end;
};
TitleMemory title_memory() noexcept;

}  // namespace sigmund::sys
