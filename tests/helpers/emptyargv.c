/* SPDX-License-Identifier: Apache-2.0 */
/* emptyargv PATH [null]: executes PATH with no argv at all, or a null one, and an empty environment. */
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
    char* const none[] = {NULL};
    if (argc < 2) return 2;
    syscall(SYS_execve, argv[1], argc > 2 ? NULL : none, none);
    return 1;
}
