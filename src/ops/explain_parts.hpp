// SPDX-License-Identifier: Apache-2.0
// The parts of an explanation: what the guardian recorded of the end, and who holds a port.
#pragma once
#include <string>
#include <vector>

#include "ops/explain.hpp"

namespace sigmund::ops {

// What the record tells of the end: who or what ended the run, or the life before the pause it is in, and how
// its leader took it. Runs of a sigmund that did not record who ended them are told by their result.
std::vector<Cause> causes_of_end(const run::Record& record, const run::Verdict& verdict);
// Whether the command itself failed, so that its log may say why: sigmund ending it is no such failure.
bool failed_itself(const run::Record& record, const run::Verdict& verdict);
// A line for each life that another one followed: when, how it ended, and what ended it.
std::vector<std::string> history_of(const run::Record& record);

// A number among the arguments on which a process listens, for a log that did not name a port; 0: none.
int port_in_arguments(const run::Record& record);
// Adds to the cause "address-in-use", if it is there, which process holds the port now.
void add_port_owner(const run::View& view, const run::Record& record, std::vector<Cause>& causes, int port);

// "web (7f3c2a)" or "7f3c2a"
std::string label_of(const run::Record& record);

}  // namespace sigmund::ops
