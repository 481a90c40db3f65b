/* SPDX-License-Identifier: Apache-2.0 */
/* supervise_protocol.h is all that a program in C or C++ needs. */
#include <sigmund/supervise_protocol.h>

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
