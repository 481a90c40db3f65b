// SPDX-License-Identifier: Apache-2.0
// How supervise begins: its few words of command line, and the COMMAND that --json starts by itself.
#pragma once
#include <sys/types.h>

#include <optional>

#include "kin/tool.hpp"
#include "sys/signals.hpp"

namespace sigmund::kin {

inline constexpr ToolOption supervise_options[] = {
    {"json", '\0', nullptr, "speak JSON lines, and start COMMAND, if one is given"},
    {"version", 'V', nullptr, "print the version"},
    {"help", 'h', nullptr, "print this help"},
};

struct SuperviseOptions {
    bool json = false;
    char** command = nullptr;        // argv of the COMMAND, null at its end
    std::optional<int> exit_status;  // set when there is nothing to supervise: help, version, a usage error
};
SuperviseOptions parse_supervise_options(int argc, char** argv);

struct Started {
    pid_t pid = 0;
    int exit_status = 0;  // not 0: it could not be started, which has been said (125, 126, 127)
};
// Forks and execs, and returns when the exec has been done. The command reads /dev/null and writes both its
// streams to our stderr, since our own stdin and stdout carry the protocol; its signal mask will be `mask`.
Started start_command(char** command, sys::SignalBits mask);

}  // namespace sigmund::kin
