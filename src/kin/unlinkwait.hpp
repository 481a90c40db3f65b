// SPDX-License-Identifier: Apache-2.0
// unlinkwait waits until a file has no links left.
#pragma once
#include "kin/tool.hpp"

namespace sigmund::kin {

inline constexpr ToolOption unlinkwait_options[] = {
    {"version", 'V', nullptr, "print the version"},
    {"help", 'h', nullptr, "print this help"},
};

// Runs the tool; argv may be empty. Returns 0 once the file that the path named at the start has no name
// left, or when there was no such file; 1 after an error, which was printed.
int unlinkwait_main(int argc, char** argv);

}  // namespace sigmund::kin
