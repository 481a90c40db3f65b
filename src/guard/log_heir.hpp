// SPDX-License-Identifier: Apache-2.0
// A command that writes its log through a pipe must survive its guardian: otherwise its next line would raise
// SIGPIPE, or block without end when another process merely kept the pipe open. Therefore a second process,
// the heir, holds the reading ends too. It sleeps until the guardian has gone, and then writes the lines to
// the log until there is no writer. The command gets SIGPIPE only when both processes are killed.
#pragma once
#include <string>

#include "guard/log_pump.hpp"

namespace sigmund::guard {

// Forks the heir. The guardian calls this after every stream was added to the pump, and while it is a
// subreaper without children; it is one again afterwards, and the heir is neither its child nor a process of
// the run. Without memory or processes there is no heir, and the run starts nevertheless.
void leave_heir(LogPump& pump, const std::string& title) noexcept;

}  // namespace sigmund::guard
