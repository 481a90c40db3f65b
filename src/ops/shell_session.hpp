// SPDX-License-Identifier: Apache-2.0
// Which interactive shell a run belongs to: `PID.START`, told by SIGMUND_SHELL_ID and then verified.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "sys/procfs.hpp"

namespace sigmund::ops {

struct ShellId {
    pid_t pid = 0;
    std::uint64_t start_ticks = 0;
};
// ask: digits, a dot, digits.
std::optional<ShellId> parse_shell_id(std::string_view text);
// Whether that shell still lives.
bool shell_alive(std::string_view id);
// The id of the shell this process was started from: the variable is believed only when that process lives,
// is of our user, has that start time and is an ancestor of ours. Empty otherwise.
std::string current_shell();

}  // namespace sigmund::ops
