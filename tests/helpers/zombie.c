// SPDX-License-Identifier: Apache-2.0
// A leader and one child, of which one is dead. Prints "child PID"; ends by itself after SECONDS (60).
//   zombie leader [SECONDS]   the leader exits 3 at once, the child lives on in its group
//   zombie child [SECONDS]    the child is dead and never reaped, the leader lives on
//   zombie both [SECONDS]     the leader exits 3, the child lives on with a dead child that it never reaps
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void live(unsigned seconds) {
    while (seconds > 0) seconds = sleep(seconds);
    _exit(0);
}

int main(int argc, char** argv) {
    const char* who = argc > 1 ? argv[1] : "";
    const unsigned seconds = argc > 2 ? (unsigned)atoi(argv[2]) : 60;
    const int leader = strcmp(who, "leader") == 0;
    const int child = strcmp(who, "child") == 0;
    const int both = strcmp(who, "both") == 0;
    if (!leader && !child && !both) {
        fprintf(stderr, "usage: zombie leader | child | both [SECONDS]\n");
        return 2;
    }
    signal(SIGCHLD, SIG_DFL);  // an inherited SIG_IGN would reap
    const pid_t pid = fork();
    if (pid < 0) return 2;
    if (pid == 0) {
        if (child) _exit(0);
        if (both && fork() == 0) _exit(0);
        live(seconds);
    }
    printf("child %d\n", (int)pid);
    fflush(stdout);
    if (child) live(seconds);
    return 3;
}
