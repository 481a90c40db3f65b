// SPDX-License-Identifier: Apache-2.0
// Decides, before anything else is set up, whether this process is to be one of the kindred tools.
#pragma once
#include <optional>

namespace sigmund::kin {

// Runs nosig, supervise or unlinkwait when called by that name (a link), or as `sigmund NAME ...`, and
// returns its exit status; nothing when the call is for sigmund. argv may be empty: then the name is that of
// the executed file.
std::optional<int> multicall(int argc, char** argv);

}  // namespace sigmund::kin
