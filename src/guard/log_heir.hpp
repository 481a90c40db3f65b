// SPDX-License-Identifier: Apache-2.0
// A command that writes its log through a pipe must survive its guardian: it would get SIGPIPE at its next
// line, or block for ever where something merely kept the pipe open. So a second process, the heir, holds the
// reading ends too. It sleeps until the guardian is gone, and then carries the lines on until no writer is
// left. Only where both are killed does the command get SIGPIPE.
#pragma once
#include <string>

#include "guard/log_pump.hpp"

namespace sigmund::guard {

// guardian: forks the heir, which belongs to no run and is nobody's child here: the guardian must be a
// subreaper without children, and is one again afterwards. Every stream has been added to the pump. Without
// memory or processes there is no heir, and the run starts all the same.
void leave_heir(LogPump& pump, const std::string& title) noexcept;

}  // namespace sigmund::guard
