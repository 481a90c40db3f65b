// SPDX-License-Identifier: Apache-2.0
// Makes a daemon of the old school: forks twice, setsid between, stdio on /dev/null; the first process exits
// once the daemon has written its pid into PIDFILE. The daemon sleeps (SECONDS, 60) or, on SIGTERM, adds "got
// TERM" to PIDFILE and exits.
//   daemonizer [--bare] PIDFILE [SECONDS]
// --bare: the daemon runs with an empty environment, so that nothing in it tells whose it is.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int pidfile = -1;

static void end(int signal) {
    (void)signal;
    if (write(pidfile, "got TERM\n", 9) != 9) _exit(99);
    _exit(0);
}

// Appears under its name only when it is whole.
static void write_pidfile(const char* path) {
    char temporary[4096];
    snprintf(temporary, sizeof temporary, "%s.new", path);
    pidfile = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (pidfile < 0 || dprintf(pidfile, "%d\n", getpid()) < 0 || rename(temporary, path) != 0) _exit(2);
}

static void be_daemon(const char* path, const char* seconds) {
    signal(SIGTERM, end);
    write_pidfile(path);
    const int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= 2; ++fd) dup2(null, fd);
    if (null > 2) close(null);
    close(3);  // tells the first process that the pid is there
    sleep((unsigned)atoi(seconds));
    _exit(0);
}

int main(int argc, char** argv) {
    if (argc == 4 && strcmp(argv[1], "--daemon") == 0) be_daemon(argv[2], argv[3]);
    const int bare = argc > 1 && strcmp(argv[1], "--bare") == 0;
    if (argc - bare < 2) {
        fprintf(stderr, "usage: daemonizer [--bare] PIDFILE [SECONDS]\n");
        return 2;
    }
    char* path = argv[1 + bare];
    char* seconds = argc - bare > 2 ? argv[2 + bare] : "60";
    int gate[2];
    if (pipe(gate) != 0) return 2;
    if (fork() == 0) {
        setsid();
        if (fork() != 0) _exit(0);
        close(gate[0]);
        if (gate[1] != 3) {
            dup2(gate[1], 3);
            close(gate[1]);
        }
        if (!bare) be_daemon(path, seconds);
        char* words[] = {argv[0], "--daemon", path, seconds, NULL};
        char* nothing[] = {NULL};
        execve("/proc/self/exe", words, nothing);
        _exit(2);
    }
    close(gate[1]);
    char byte;
    while (read(gate[0], &byte, 1) < 0 && errno == EINTR) continue;  // until the daemon closes its end
    return access(path, F_OK) == 0 ? 0 : 2;
}
