// SPDX-License-Identifier: Apache-2.0
// This file decides, before anything else is set up, whether this process is to run one of the companion
// tools.
#pragma once
#include <optional>

namespace sigmund::kin {

// Runs nosig, supervise or unlinkwait when the program was called by that name (through a link) or as
// `sigmund NAME ...`, and returns its exit status. Returns nothing when the call is for sigmund. argv may be
// empty; then the name is that of the executed file.
std::optional<int> multicall(int argc, char** argv);

}  // namespace sigmund::kin
