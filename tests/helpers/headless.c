// SPDX-License-Identifier: Apache-2.0
// headless: its first thread ends, and another one lives on for SECONDS (60). /proc shows a zombie while the
// process runs.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void* live(void* seconds) {
    unsigned left = *(unsigned*)seconds;
    while (left > 0) left = sleep(left);
    _exit(0);
}

int main(int argc, char** argv) {
    static unsigned seconds;
    pthread_t thread;
    seconds = argc > 1 ? (unsigned)atoi(argv[1]) : 60;
    if (pthread_create(&thread, NULL, live, &seconds) != 0) return 1;
    puts("headless");
    fflush(stdout);
    pthread_exit(NULL);
}
