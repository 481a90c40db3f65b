// SPDX-License-Identifier: Apache-2.0
// The parts of an explanation: what the guardian recorded about the end, and which process holds a port.
#pragma once
#include <string>
#include <vector>

#include "ops/explain.hpp"

namespace sigmund::ops {

// Returns what the record tells about the end: what ended the run (or the life before the present pause), and
// how its leader ended. `word` names the run in a command. A record of an older sigmund does not say what ended the run; then its result tells.
std::vector<Cause> causes_of_end(const run::Record& record, const run::Verdict& verdict,
                                 const std::string& word);
// Returns whether the command itself failed, so that its log may say why. Being ended by sigmund is no such
// failure.
bool failed_itself(const run::Record& record, const run::Verdict& verdict);
// Returns one line for each life that another one followed: when, how it ended, and what ended it.
std::vector<std::string> history_of(const run::Record& record);

// Returns a number among the arguments of the command on which a process listens now, or 0. It is used when
// the log did not name a port.
int port_in_arguments(const run::Record& record);
// Adds to the cause "address-in-use", if there is one, which process holds the port now.
void add_port_owner(const run::View& view, const run::Record& record, std::vector<Cause>& causes, int port);

}  // namespace sigmund::ops
