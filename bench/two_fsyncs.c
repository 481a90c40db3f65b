/* SPDX-License-Identifier: Apache-2.0
 * two_fsyncs FOLDER COMMAND [ARG...] starts a command as a simple C program does, with which `sigmund` on a
 * disk is compared: it creates a log and a durable record (file and folder: two fsyncs), then calls fork,
 * setsid and exec. It has no guardian. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
    char log[64], temporary[64], name[64], record[1100];
    if (argc < 3 || chdir(argv[1]) != 0) return 2;
    snprintf(log, sizeof log, "%d.log", (int)getpid());
    snprintf(temporary, sizeof temporary, "%d.tmp", (int)getpid());
    snprintf(name, sizeof name, "%d.json", (int)getpid());
    memset(record, ' ', sizeof record);

    const int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int ready[2];
    if (out < 0 || pipe2(ready, O_CLOEXEC) != 0) return 1;
    const pid_t child = fork();
    if (child < 0) return 1;
    if (child == 0) {
        char gate;
        close(ready[1]);
        setsid();
        dup2(out, 1);
        dup2(out, 2);
        if (read(ready[0], &gate, 1) != 1) _exit(1);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || folder < 0) return 1;
    if (write(fd, record, sizeof record) != (ssize_t)sizeof record || fsync(fd) != 0) return 1;
    if (rename(temporary, name) != 0 || fsync(folder) != 0) return 1;
    return write(ready[1], "", 1) == 1 ? 0 : 1;
}
