// SPDX-License-Identifier: Apache-2.0
// Writes to the input of a run.
#pragma once
#include <string>
#include <string_view>

#include "run/protocol.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

// Gives the bytes to the guardian of the run, which writes all of them to the input of the command, or none,
// and nothing of another sender in between. `what`: text, line, key (the bytes are its name) or eof. Throws run::Failure: `survivors` with
// status 4 when the bytes do not fit, because too much waits unread; `failed` when the run takes no input.
void send(const run::View& view, const run::Judged& run, run::Sent what, std::string_view bytes);

}  // namespace sigmund::ops
