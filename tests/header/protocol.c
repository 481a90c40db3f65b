/* SPDX-License-Identifier: Apache-2.0 */
/* supervise_protocol.h is all that a program in C or C++ needs, and it can be included twice. */
#include <sigmund/supervise_protocol.h>
/* clang-format off */
#include <sigmund/supervise_protocol.h>
/* clang-format on */

#include <signal.h>

int main(void) {
    struct supervise_send_signal command;
    command.pid = 1;
    command.signal = SIGTERM;
    return sizeof command == SUPERVISE_COMMAND_SIZE && sizeof(siginfo_t) == SUPERVISE_EVENT_SIZE &&
                   command.pid == 1 && command.signal == SIGTERM
               ? 0
               : 1;
}
