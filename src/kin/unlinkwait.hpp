// SPDX-License-Identifier: Apache-2.0
// unlinkwait: waits until a file has no links left.
#pragma once

namespace sigmund::kin {

// The whole tool; argv may be empty. Returns 0 once the file that the path named at the start has no name
// left, or when it had none to begin with; 1 after an error, which has been said.
int unlinkwait_main(int argc, char** argv);

}  // namespace sigmund::kin
