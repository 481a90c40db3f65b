// SPDX-License-Identifier: Apache-2.0
// Tells what was leaked into it, one fact a line: "pid N" "ppid N" "pgid N" "sid N" "tty PATH|none" "cwd
// PATH" "umask NNN" "fd N TARGET" "ignored SIG" "blocked SIG" "env KEY". Signals by name without SIG, or
// number.
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char** environ;

static void print_descriptors(void) {
    DIR* folder = opendir("/proc/self/fd");
    if (folder == NULL) return;
    for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
        char target[PATH_MAX];
        const ssize_t size = readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1);
        if (size < 0 || atoi(entry->d_name) == dirfd(folder)) continue;  // "." and "..", and our own
        target[size] = '\0';
        printf("fd %s %s\n", entry->d_name, target);
    }
    closedir(folder);
}

static void print_signals(const char* what, unsigned long long bits) {
    for (int signal = 1; signal <= 64; ++signal) {
        if ((bits >> (signal - 1) & 1) == 0) continue;
        const char* name = sigabbrev_np(signal);
        if (name != NULL) {
            printf("%s %s\n", what, name);
        } else {
            printf("%s %d\n", what, signal);
        }
    }
}

// From the kernel: the C library hides two signals of its own.
static void print_all_signals(void) {
    FILE* status = fopen("/proc/self/status", "re");
    if (status == NULL) return;
    char line[512];
    while (fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "SigIgn:", 7) == 0) print_signals("ignored", strtoull(line + 7, NULL, 16));
        if (strncmp(line, "SigBlk:", 7) == 0) print_signals("blocked", strtoull(line + 7, NULL, 16));
    }
    fclose(status);
}

static void print_terminal(void) {
    const int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    printf("tty %s\n", fd < 0 ? "none" : "/dev/tty");
    if (fd >= 0) close(fd);
}

int main(void) {
    // First, before anything of ours is open.
    print_descriptors();
    print_all_signals();
    printf("pid %d\nppid %d\npgid %d\nsid %d\n", getpid(), getppid(), getpgrp(), getsid(0));
    print_terminal();
    char cwd[PATH_MAX];
    if (getcwd(cwd, sizeof cwd) != NULL) printf("cwd %s\n", cwd);
    printf("umask %03o\n", umask(0));
    for (char** entry = environ; *entry != NULL; ++entry) {
        printf("env %.*s\n", (int)strcspn(*entry, "="), *entry);
    }
    return 0;
}
