// SPDX-License-Identifier: Apache-2.0
// foreign [SECONDS]: with the set-user-id bit and root as its owner it belongs to root, as sudo does, so that
// the user who started it may not signal it. It ends by itself after SECONDS (60).
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char** argv) {
    unsigned left = argc > 1 ? (unsigned)atoi(argv[1]) : 60;
    if (setreuid(0, 0) != 0) {
        perror("setreuid");
        return 1;
    }
    puts("foreign");
    fflush(stdout);
    while (left > 0) left = sleep(left);
    return 0;
}
