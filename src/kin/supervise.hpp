// SPDX-License-Identifier: Apache-2.0
// supervise: a supervisor of child processes behind two file descriptors, for use from programs.
#pragma once

namespace sigmund::kin {

// The whole tool; argv may be empty. Commands come on standard input, events leave on standard output (see
// sigmund/supervise_protocol.h). Returns the exit status once no child is left: 0, or 1 after an error, which
// has been said; 125 to 127 when the COMMAND of --json could not be started.
int supervise_main(int argc, char** argv);

}  // namespace sigmund::kin
