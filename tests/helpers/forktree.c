/* SPDX-License-Identifier: Apache-2.0 */
/* forktree WIDTH BOUND COUNTER-FILE: makes WIDTH parallel chains of processes; in each link the child calls
 * setsid and the parent exits. It ends by itself after BOUND forks in all. The file has their number as a
 * native int. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char** argv) {
    int width, bound, fd, i;
    int* forks;
    if (argc != 4) return 2;
    width = atoi(argv[1]);
    bound = atoi(argv[2]);
    fd = open(argv[3], O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *forks) != 0) return 1;
    forks = mmap(NULL, sizeof *forks, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (forks == MAP_FAILED) return 1;
    close(fd);
    for (i = 0; i < width; ++i) {
        if (fork() != 0) continue;
        while (__atomic_add_fetch(forks, 1, __ATOMIC_RELAXED) < bound) {
            if (fork() != 0) _exit(0);
            setsid();
        }
        _exit(0);
    }
    return 0;
}
