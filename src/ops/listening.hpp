// SPDX-License-Identifier: Apache-2.0
// All TCP ports on which processes of this network namespace listen, with the runs that these belong to.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "run/view.hpp"
#include "sys/listeners.hpp"

namespace sigmund::ops {

struct Listening {
    sys::TcpListener socket;
    std::vector<pid_t> pids;         // the processes that hold it, as far as they can be seen, in order
    std::optional<run::Record> run;  // the run that one of them belongs to
    // About the first of the processes, which belongs to the run if there is one:
    pid_t pid = 0;  // 0: no holder can be seen
    std::string command;
    sys::Millis age_ms = 0;
};

// Returns every listening socket: first those of runs, and otherwise by port and address. Throws Failure when
// the sockets cannot be read.
std::vector<Listening> listening_sockets(const run::View& view);

// Returns the arguments of a process as one text. A process that sets its own title leaves one word, followed by
// the empty rest of its arguments; it is not quoted. Empty when there is no text.
std::string title_of(std::vector<std::string> words);

// Returns "127.0.0.1:6390" or "[::1]:6390".
std::string endpoint_text(const std::string& address, int port);

}  // namespace sigmund::ops
