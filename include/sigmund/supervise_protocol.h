/* SPDX-License-Identifier: Apache-2.0 */
/* The binary protocol of supervise(1), for C (C89 and later) and C++. Nothing needs to be linked.
 *
 * The caller makes itself a child subreaper, starts its children, then executes `supervise` with no
 * arguments, a stream of commands as standard input and a reader of events at standard output. Both may be
 * one socket. */
#ifndef SIGMUND_SUPERVISE_PROTOCOL_H
#define SIGMUND_SUPERVISE_PROTOCOL_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A command. Write it to the standard input of supervise as a whole, in native byte order; several commands
 * may be written at once. `signal` is sent if `pid` is a child of supervise: one that the caller started, or
 * one that supervise has adopted since. Anything else is silently ignored. After an incomplete command all
 * children are killed. */
struct supervise_send_signal {
    pid_t pid;
    int signal;
};

/* An event is a siginfo_t (signal.h) for one child that has ended. Read it from the standard output of
 * supervise. Its members are set as by waitid(2): si_signo SIGCHLD, si_code CLD_EXITED, CLD_KILLED or
 * CLD_DUMPED, si_pid, si_uid, si_status. Each event is one write, so that a SOCK_SEQPACKET socket gives one
 * event for each read. */
#define SUPERVISE_COMMAND_SIZE 8
#define SUPERVISE_EVENT_SIZE 128

/* C89 has no static_assert: an array of negative size will not compile. */
typedef char
    supervise_command_size_is_8[sizeof(struct supervise_send_signal) == SUPERVISE_COMMAND_SIZE ? 1 : -1];

#ifdef __cplusplus
}
#endif

#endif
