// SPDX-License-Identifier: Apache-2.0
// The interactive shell that a run belongs to, named `PID.START`. SIGMUND_SHELL_ID names it, and is verified.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "sys/procfs.hpp"

namespace sigmund::run {

struct ShellId {
    pid_t pid = 0;
    std::uint64_t start_ticks = 0;
};
// Reads digits, a dot, digits. Returns nothing when `text` is anything else.
std::optional<ShellId> parse_shell_id(std::string_view text);
// Returns whether that shell still lives.
bool shell_alive(std::string_view id);
// Returns the id of the shell from which this process was started. The variable is believed only when that
// process lives, belongs to the same user, has that start time and is an ancestor of this process. Empty
// otherwise.
std::string current_shell();

}  // namespace sigmund::run
