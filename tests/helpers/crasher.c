// SPDX-License-Identifier: Apache-2.0
// Ends badly, in the way it is told, after a last line on stderr.
//   crasher [--core BYTES|max] [--after MILLISECONDS] segv | abort | exit N | signal N
// --core sets the soft limit of core dumps, max: to the hard one.
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void limit_core(const char* text) {
    struct rlimit limit;
    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = strcmp(text, "max") == 0 ? limit.rlim_max : strtoul(text, NULL, 10);
    if (setrlimit(RLIMIT_CORE, &limit) != 0) {
        perror("crasher: setrlimit");
        exit(2);
    }
}

static void fault(void) {
    volatile uintptr_t nowhere = 8;
    *(volatile int*)nowhere = 1;
}

int main(int argc, char** argv) {
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--core") == 0) limit_core(argv[i + 1]);
        if (strcmp(argv[i], "--after") == 0) usleep((useconds_t)atoi(argv[i + 1]) * 1000);
    }
    const char* how = i < argc ? argv[i] : "";
    const int number = i + 1 < argc ? atoi(argv[i + 1]) : 0;
    fprintf(stderr, "crasher: last words before %s\n", how);
    if (strcmp(how, "segv") == 0) fault();
    if (strcmp(how, "abort") == 0) abort();
    if (strcmp(how, "exit") == 0) return number;
    if (strcmp(how, "signal") == 0) {
        signal(number, SIG_DFL);
        raise(number);
    }
    fprintf(stderr, "usage: crasher [--core BYTES|max] [--after MS] segv | abort | exit N | signal N\n");
    return 2;
}
