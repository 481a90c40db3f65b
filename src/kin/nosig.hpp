// SPDX-License-Identifier: Apache-2.0
// nosig: sets signal dispositions, the signal mask and the standard streams, then execs a program.
#pragma once

namespace sigmund::kin {

// The whole tool; argv may be empty. Returns only without having exec'ed: 0 for information, 125 for nosig's
// own failures, 126 when the program may not be executed, 127 when there is none.
int nosig_main(int argc, char** argv);

}  // namespace sigmund::kin
