// SPDX-License-Identifier: Apache-2.0
// supervise is a supervisor of child processes that programs use through two file descriptors.
#pragma once

namespace sigmund::kin {

// Runs the tool; argv may be empty. Commands come on standard input, events are written to standard output
// (see sigmund/supervise_protocol.h). Returns the exit status once there are no children: 0, or 1 after an
// error, which was printed; 125 to 127 when the COMMAND of --json could not be started.
int supervise_main(int argc, char** argv);

}  // namespace sigmund::kin
