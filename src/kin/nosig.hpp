// SPDX-License-Identifier: Apache-2.0
// nosig sets signal dispositions, the signal mask and the standard streams, and then executes a program.
#pragma once

namespace sigmund::kin {

// Runs the tool; argv may be empty. It returns only when it has not executed the program: 0 after information
// was printed, 125 for failures of nosig itself, 126 when the program may not be executed, 127 when it is not
// found.
int nosig_main(int argc, char** argv);

}  // namespace sigmund::kin
