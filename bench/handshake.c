/* SPDX-License-Identifier: Apache-2.0
 * handshake COMMAND [ARG...] is what `least` is, with fork(2): a guardian in its own session, a child in another session
 * that executes the command, an answer once it has, and a guardian that waits for the end. It writes no record. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void stand_alone(void) {
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    setsid();
    for (int fd = 0; fd <= 2; ++fd) dup2(null, fd);
}

int main(int argc, char** argv) {
    int reply[2], executed[2];
    char word = 0;
    if (argc < 2 || pipe2(reply, O_CLOEXEC) != 0) return 1;
    pid_t child = fork();
    if (child < 0) return 1;
    if (child > 0) {
        close(reply[1]);
        return read(reply[0], &word, 1) == 1 ? 0 : 1;
    }
    stand_alone();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (pipe2(executed, O_CLOEXEC) != 0) return 1;
    child = fork();
    if (child < 0) return 1;
    if (child == 0) {
        setsid();
        execvp(argv[1], argv + 1);
        (void)!write(executed[1], "", 1);
        _exit(127);
    }
    close(executed[1]);
    if (read(executed[0], &word, 1) == 0) (void)!write(reply[1], "", 1);
    close(reply[1]);
    while (wait(0) > 0) {
    }
    return 0;
}
