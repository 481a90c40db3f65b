/* SPDX-License-Identifier: Apache-2.0
 * without ERROR CALL... -- COMMAND [ARG...] executes a command for which system calls fail with an error (a name
 * such as ENOSYS), as they do on an older kernel or in a container. CALL is one of the names below; sharing is
 * clone(2) for a process that shares memory. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char* name;
    int value;
} errors[] = {{"ENOSYS", ENOSYS}, {"EPERM", EPERM}, {"EINVAL", EINVAL}},
  calls[] = {{"close_range", SYS_close_range},
             {"openat2", SYS_openat2},
             {"faccessat2", SYS_faccessat2},
             {"statx", SYS_statx},
             {"clone3", SYS_clone3},
             {"sched_setaffinity", SYS_sched_setaffinity},
             {"sharing", SYS_clone}};

int main(int argc, char** argv) {
    struct sock_filter filter[64];
    unsigned short size = 0;
    int error = 0, at = 2;
    for (size_t i = 0; argc > 1 && i < sizeof errors / sizeof errors[0]; ++i)
        if (strcmp(argv[1], errors[i].name) == 0) error = errors[i].value;
    for (; error != 0 && at < argc && strcmp(argv[at], "--") != 0 && size < 56; ++at) {
        int call = -1;
        for (size_t i = 0; i < sizeof calls / sizeof calls[0]; ++i)
            if (strcmp(argv[at], calls[i].name) == 0) call = calls[i].value;
        if (call < 0) error = 0;
        filter[size++] =
            (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
        if (strcmp(argv[at], "sharing") == 0) {
            /* The flags are the first argument; their low half comes first on little-endian machines. */
            filter[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 3);
            filter[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                                          offsetof(struct seccomp_data, args[0]));
            filter[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_VM, 0, 1);
        } else {
            filter[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1);
        }
        filter[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error);
    }
    if (error == 0 || at + 1 >= argc) {
        fprintf(stderr, "usage: without ENOSYS|EPERM|EINVAL CALL... -- COMMAND [ARG...]\n");
        return 2;
    }
    filter[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const struct sock_fprog program = {size, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("without: seccomp");
        return 2;
    }
    execvp(argv[at + 1], argv + at + 1);
    perror(argv[at + 1]);
    return 127;
}
