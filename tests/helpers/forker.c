// SPDX-License-Identifier: Apache-2.0
// Tries to escape from a stop with W chains of processes: in each link the child calls setsid and forks on,
// and the parent exits. It ends by itself after MAX forks in all.
//   forker [--stay] W MAX [COUNTFILE]
// COUNTFILE holds the number of forks so far as a native 64-bit number: od -An -tu8 COUNTFILE. With --stay
// the first process waits (5 min) instead of exiting.
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic uint64_t* forks;
static uint64_t max_forks;

static void run_chain(void) {
    while (atomic_fetch_add(forks, 1) < max_forks) {
        const pid_t child = fork();
        if (child < 0) {
            usleep(1000);  // there is no free process at the moment
        } else if (child == 0) {
            setsid();
        } else {
            _exit(0);
        }
    }
    atomic_fetch_sub(forks, 1);
    _exit(0);
}

int main(int argc, char** argv) {
    const int stay = argc > 1 && strcmp(argv[1], "--stay") == 0;
    if (argc - stay < 3) {
        fprintf(stderr, "usage: forker [--stay] W MAX [COUNTFILE]\n");
        return 2;
    }
    const int chains = atoi(argv[1 + stay]);
    max_forks = strtoull(argv[2 + stay], NULL, 10);
    int flags = MAP_SHARED | MAP_ANONYMOUS;
    int fd = -1;
    if (argc - stay > 3) {
        flags = MAP_SHARED;
        fd = open(argv[3 + stay], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || ftruncate(fd, sizeof *forks) != 0) {
            perror(argv[3 + stay]);
            return 2;
        }
    }
    forks = mmap(NULL, sizeof *forks, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (forks == MAP_FAILED) {
        perror("mmap");
        return 2;
    }
    for (int i = 0; i < chains; ++i) {
        if (fork() == 0) {
            setsid();
            run_chain();
        }
    }
    if (stay) sleep(300);
    return 0;
}
