// SPDX-License-Identifier: Apache-2.0
// The interactive shell at whose prompt a command was typed: the nearest one among the ancestors of a process.
// Scripts, subshells and programs such as make, tmux and sudo, which lie between, are passed over.
#pragma once
#include <string>

#include "run/shell_kind.hpp"
#include "sys/procfs.hpp"

namespace sigmund::run {

struct CallingShell {
    pid_t pid = 0;
    std::string program;        // "bash", "dash"
    std::optional<Shell> kind;  // empty: sigmund has no hook for it
    bool own = false;           // it belongs to the effective user of this process
    bool restricted = false;    // it was started as rbash or rzsh, or with -r
    bool login = false;         // it was started as a login shell
    std::uint64_t stack = 0;    // the start of its stack, which differs after each exec; 0: unknown
};

// Returns the shell that the process `pid` is, or else the nearest one above it. Returns nothing when there is
// none, as in cron, in a CI job, in a service and behind `ssh HOST COMMAND`.
std::optional<CallingShell> calling_shell(const sys::Procfs& proc, pid_t pid);

}  // namespace sigmund::run
