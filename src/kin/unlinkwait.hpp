// SPDX-License-Identifier: Apache-2.0
// unlinkwait: waits until a file has no links left.
#pragma once
#include "kin/tool.hpp"

namespace sigmund::kin {

inline constexpr ToolOption unlinkwait_options[] = {
    {"version", 'V', nullptr, "print the version"},
    {"help", 'h', nullptr, "print this help"},
};

// The whole tool; argv may be empty. Returns 0 once the file that the path named at the start has no name
// left, or when it had none to begin with; 1 after an error, which has been said.
int unlinkwait_main(int argc, char** argv);

}  // namespace sigmund::kin
