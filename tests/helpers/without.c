/* SPDX-License-Identifier: Apache-2.0
 * without ERROR CALL... [-- ERROR CALL...]... -- COMMAND [ARG...] executes a command for which system calls fail with an
 * error (a name such as ENOSYS), as they do on an older kernel, in a container, or on a file system that lacks
 * something. CALL is a name of the table below. Some name a flag: sharing is clone(2) for a process that shares memory,
 * clone_pidfd is clone(2) that returns a pidfd, exchange is renameat2(2) that exchanges two files, subreaper is prctl(2)
 * by which a process adopts orphans. */
#include <errno.h>
#include <fcntl.h>
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
} errors[] = {{"ENOSYS", ENOSYS}, {"EPERM", EPERM},   {"EINVAL", EINVAL},
              {"ENOLCK", ENOLCK}, {"EMFILE", EMFILE}, {"EOPNOTSUPP", EOPNOTSUPP}};

/* The low half of an argument comes first on little-endian machines. */
static const struct {
    const char* name;
    unsigned number;
    unsigned argument;   /* which argument has the flags */
    unsigned flag;       /* 0: each call fails */
    unsigned short test; /* how the flag is compared */
} calls[] = {{"clone3", SYS_clone3, 0, 0, 0},
             {"clone_pidfd", SYS_clone, 0, CLONE_PIDFD, BPF_JSET},
             {"close_range", SYS_close_range, 0, 0, 0},
             {"exchange", SYS_renameat2, 4, 2 /* RENAME_EXCHANGE */, BPF_JSET},
             {"faccessat2", SYS_faccessat2, 0, 0, 0},
             {"flock", SYS_flock, 0, 0, 0},
             {"inotify_add_watch", SYS_inotify_add_watch, 0, 0, 0},
             {"inotify_init1", SYS_inotify_init1, 0, 0, 0},
             {"memfd_create", SYS_memfd_create, 0, 0, 0},
             {"openat2", SYS_openat2, 0, 0, 0},
             {"pidfd_open", SYS_pidfd_open, 0, 0, 0},
             {"pidfd_send_signal", SYS_pidfd_send_signal, 0, 0, 0},
             {"process_vm_readv", SYS_process_vm_readv, 0, 0, 0},
             {"renameat2", SYS_renameat2, 0, 0, 0},
             {"sched_setaffinity", SYS_sched_setaffinity, 0, 0, 0},
             {"sharing", SYS_clone, 0, CLONE_VM, BPF_JSET},
             {"signalfd4", SYS_signalfd4, 0, 0, 0},
             {"subreaper", SYS_prctl, 0, PR_SET_CHILD_SUBREAPER, BPF_JEQ},
             {"statx", SYS_statx, 0, 0, 0}};

enum { most = 200 };
static struct sock_filter filter[most + 8];
static unsigned short size;

static void add(unsigned short code, unsigned value, unsigned char yes, unsigned char no) {
    filter[size++] = (struct sock_filter)BPF_JUMP(code, value, yes, no);
}

/* Adds the refusal of one call; returns 0 for an unknown name. */
static int refuse(const char* name, int error) {
    size_t i = 0;
    while (i < sizeof calls / sizeof calls[0] && strcmp(name, calls[i].name) != 0) ++i;
    if (i == sizeof calls / sizeof calls[0] || size > most) return 0;
    add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, calls[i].flag != 0 ? 3 : 1);
    if (calls[i].flag != 0) {
        add(BPF_LD | BPF_W | BPF_ABS,
            (unsigned)(offsetof(struct seccomp_data, args) + calls[i].argument * sizeof(__u64)), 0, 0);
        add(BPF_JMP | calls[i].test | BPF_K, calls[i].flag, 0, 1);
    }
    add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error, 0, 0);
    return 1;
}

static int error_of(const char* name) {
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; ++i)
        if (strcmp(name, errors[i].name) == 0) return errors[i].value;
    return 0;
}

int main(int argc, char** argv) {
    int at = 1, good = argc > 1;
    while (good && at < argc && error_of(argv[at]) != 0) {
        const int error = error_of(argv[at++]);
        for (; good && at < argc && strcmp(argv[at], "--") != 0; ++at) good = refuse(argv[at], error);
        ++at;
    }
    if (!good || at < 4 || at >= argc) {
        fprintf(stderr, "usage: without ERROR CALL... [-- ERROR CALL...]... -- COMMAND [ARG...]\n");
        return 2;
    }
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    const struct sock_fprog program = {size, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("without: seccomp");
        return 2;
    }
    execvp(argv[at], argv + at);
    perror(argv[at]);
    return 127;
}
