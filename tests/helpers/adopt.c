// SPDX-License-Identifier: Apache-2.0
// adopt COMMAND...: runs the command as a child subreaper, and ends with its status. Processes that the
// command leaves behind are adopted and reaped here instead of by init. So test files that run at the same
// time do not take each other's orphans for their own, since sigmund finds out where orphans belong from the
// process that has adopted them.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: adopt COMMAND...\n");
        return 2;
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
        fprintf(stderr, "adopt: cannot become a subreaper: %s\n", strerror(errno));
        return 125;
    }
    const pid_t command = fork();
    if (command < 0) {
        fprintf(stderr, "adopt: cannot fork: %s\n", strerror(errno));
        return 125;
    }
    if (command == 0) {
        execvp(argv[1], argv + 1);
        fprintf(stderr, "adopt: cannot run %s: %s\n", argv[1], strerror(errno));
        _exit(127);
    }
    for (;;) {
        int status = 0;
        const pid_t ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno == EINTR) continue;
        if (ended == command) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (ended < 0) return 125;
    }
}
