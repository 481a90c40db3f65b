// SPDX-License-Identifier: Apache-2.0
// The interactive shell that a run belongs to, named `PID.START`: SIGMUND_SHELL_ID tells it, and it is
// verified.
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
// Digits, a dot, digits; nothing when `text` is anything else.
std::optional<ShellId> parse_shell_id(std::string_view text);
// Whether that shell still lives.
bool shell_alive(std::string_view id);
// The id of the shell that this process was started from. The variable is believed only when that process
// lives, belongs to our user, has that start time and is an ancestor of ours. Empty otherwise.
std::string current_shell();

}  // namespace sigmund::run
