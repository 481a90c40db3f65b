// SPDX-License-Identifier: Apache-2.0
// This file parses the command line of supervise and starts the COMMAND of --json.
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
    char** command = nullptr;        // the argv of the COMMAND, ended by a null pointer
    std::optional<int> exit_status;  // set when supervise ends at once: help, version, a usage error
};
// Parses the command line and prints help, version or an error, if there is one.
SuperviseOptions parse_supervise_options(int argc, char** argv);

struct Started {
    pid_t pid = 0;
    int exit_status = 0;  // not 0: it could not be started, and the reason was printed (125, 126, 127)
};
// Forks, executes the command, and returns when the exec is done. The command reads /dev/null and writes both
// its output streams to the stderr of supervise, whose stdin and stdout carry the protocol. Its signal mask
// will be `mask`.
Started start_command(char** command, sys::SignalBits mask);

}  // namespace sigmund::kin
