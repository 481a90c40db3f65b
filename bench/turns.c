/* SPDX-License-Identifier: Apache-2.0
 * turns PLAN ROUNDS PAUSE_MS PATIENCE_MS measures several commands in turn: each round starts every command once, in a
 * new order, and waits for it. Whatever changes in the machine meanwhile changes all of them. Before each command, the
 * processes that the last one left have ended (or 100 ms have passed), PAUSE_MS have passed, and the machine has been
 * idle for a moment; altogether, it waits no longer than PATIENCE_MS for that.
 *
 * PLAN is a file of NUL-terminated words, each with a letter before it: v begins a command, p is its program, a an
 * argument, e a variable, o the file for its output, s an exit status that is expected (* is any), r the number of rounds in which
 * it takes part (a slow one), b and c are shell texts that run before and after it and are not measured. An argument {}
 * is replaced by the first line that the text b prints. t gives it a terminal; g means that the process {} must end, too.
 *
 * It prints "COMMAND ROUND NANOSECONDS KB" for each, with its largest size, "COMMAND failed REASON" for one that will not be tried again, and at
 * the end "waited MS". Rounds below 0 warm the caches and are not printed. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    most_commands = 32,
    most_words = 64,
    warm_up = 3,
    command_limit_ms = 120000,
    leftover_limit_ms = 100,
    any_status = 999
};

struct command {
    const char *program, *output, *before, *after;
    char *arguments[most_words], *environment[most_words];
    int argument_count, variable_count, statuses[most_words], status_count;
    long rounds;
    int terminal, until_gone, failed;
};

static struct command commands[most_commands];
static int command_count;
static char prepared[256];  /* the first line that a text b has printed */
static struct rusage usage; /* of the command measured last */
static double patience_ms, waited_ms;

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_ms(double ms) {
    const struct timespec t = {(time_t)(ms / 1e3), (long)((ms - (double)(long)(ms / 1e3) * 1e3) * 1e6)};
    nanosleep(&t, 0);
}

static void die(const char* what) {
    printf("turns: %s\n", what);
    exit(2);
}

static void add_word(char* word) {
    struct command* c = &commands[command_count - 1];
    if (*word == 'v') {
        if (command_count == most_commands) die("too many commands");
        commands[command_count++].rounds = -1;
        return;
    }
    if (command_count == 0) die("the plan does not begin with a command");
    char* value = word + 1;
    if (c->argument_count >= most_words - 1 || c->variable_count >= most_words - 1 ||
        c->status_count >= most_words)
        die("too many words");
    switch (*word) {
        case 'p':
            c->program = value;
            break;
        case 'a':
            c->arguments[c->argument_count++] = value;
            break;
        case 'e':
            c->environment[c->variable_count++] = value;
            break;
        case 'o':
            c->output = value;
            break;
        case 's':
            c->statuses[c->status_count++] = *value == '*' ? any_status : atoi(value);
            break;
        case 'r':
            c->rounds = atol(value);
            break;
        case 'b':
            c->before = value;
            break;
        case 'c':
            c->after = value;
            break;
        case 't':
            c->terminal = 1;
            break;
        case 'g':
            c->until_gone = 1;
            break;
        default:
            die("a word that is not known");
    }
}

static void read_plan(const char* path) {
    static char plan[1 << 18];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t size = read(fd, plan, sizeof plan - 1);
    if (size <= 0) die("cannot read the plan");
    close(fd);
    for (char* word = plan; word < plan + size; word += strlen(word) + 1) add_word(word);
}

/* Starts a program in its own session. Returns its pid, or -1 with errno. */
static pid_t start(const char* program, char** arguments, char** environment, int out, const char* path) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (out >= 0)
        posix_spawn_file_actions_adddup2(&files, out, 1);
    else
        posix_spawn_file_actions_addopen(&files, 1, path ? path : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    const int error = posix_spawn(&pid, program, &files, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    errno = error;
    return error ? -1 : pid;
}

/* Waits until the pidfd says that the process has ended; reads what comes from the terminal meanwhile. */
static int ended(int pidfd, int terminal) {
    static char dropped[65536];
    const long long limit = now() + command_limit_ms * 1000000LL;
    for (;;) {
        struct pollfd fds[2] = {{pidfd, POLLIN, 0}, {terminal, POLLIN, 0}};
        const int ready = poll(fds, terminal >= 0 ? 2 : 1, 1000);
        if (ready > 0 && terminal >= 0 && (fds[1].revents & POLLIN)) {
            (void)!read(terminal, dropped, sizeof dropped);
            continue;
        }
        if (ready > 0 && (fds[0].revents & POLLIN)) return 1;
        if (now() > limit) return 0;
    }
}

/* Runs a shell text that is not measured and keeps the first line that it prints. */
static int run_text(struct command* c, const char* text) {
    int line[2], status = 0;
    if (pipe2(line, O_CLOEXEC) != 0) return 0;
    char* arguments[] = {"sh", "-c", (char*)text, "sh", prepared, 0};
    const pid_t pid = start("/bin/sh", arguments, c->environment, line[1], 0);
    close(line[1]);
    size_t size = 0;
    char given[sizeof prepared];
    while (pid > 0 && size < sizeof given - 1) {
        const ssize_t n = read(line[0], given + size, sizeof given - 1 - size);
        if (n <= 0) break;
        size += (size_t)n;
        if (memchr(given, '\n', size)) break;
    }
    close(line[0]);
    given[size] = 0;
    given[strcspn(given, "\n")] = 0;
    if (size) strcpy(prepared, given);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int expected(const struct command* c, int status) {
    for (int i = 0; i < c->status_count; ++i)
        if (c->statuses[i] == status || c->statuses[i] == any_status) return 1;
    return c->status_count == 0 && status == 0;
}

static void fail(struct command* c, const char* format, const char* word, int number) {
    printf("%d failed ", (int)(c - commands));
    printf(format, word, number);
    putchar('\n');
    fflush(stdout);
    c->failed = 1;
}

/* Returns the nanoseconds until the command has ended, or -1 after it has said what failed. */
static long long measure(struct command* c) {
    char* arguments[most_words] = {0};
    for (int i = 0; i < c->argument_count; ++i)
        arguments[i] = strcmp(c->arguments[i], "{}") == 0 ? prepared : c->arguments[i];
    int master = -1, slave = -1;
    if (c->terminal) {
        master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (master < 0 || unlockpt(master) != 0) die("no terminal");
        slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    const int target = c->until_gone ? pidfd_open(atoi(prepared), 0) : -1;

    const long long before = now();
    const pid_t pid = start(c->program, arguments, c->environment, slave, c->output);
    int status = 0, ok = pid > 0;
    if (pid < 0) {
        fail(c, "%s", strerror(errno), 0);
    } else if (!c->terminal) {
        alarm(command_limit_ms / 1000);
        ok = wait4(pid, &status, 0, &usage) == pid && (target < 0 || ended(target, -1));
        alarm(0);
    } else {
        const int fd = pidfd_open(pid, 0);
        ok = ended(fd, master);
        if (ok) wait4(pid, &status, 0, &usage);
        close(fd);
    }
    const long long took = now() - before;

    if (slave >= 0) close(slave);
    if (master >= 0) close(master);
    if (target >= 0) close(target);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    if (pid > 0 && !ok) fail(c, "%s took longer than %d s", c->arguments[0], command_limit_ms / 1000);
    if (pid > 0 && ok && !expected(c, code)) fail(c, "%s: exit status %d", c->arguments[0], code);
    return c->failed ? -1 : took;
}

/* Reaps what the last command has left, for a short while at most. Processes that stay are part of the experiment. */
static void drain(void) {
    const long long limit = now() + leftover_limit_ms * 1000000LL;
    while (now() < limit) {
        const pid_t pid = waitpid(-1, 0, WNOHANG);
        if (pid < 0) return;
        if (pid == 0) sleep_ms(0.3);
    }
}

/* Waits until nothing else runs on the machine, while the patience lasts. */
static void wait_for_calm(void) {
    const long long start_time = now();
    for (int calm = 0; calm < 3 && patience_ms > 0 && now() < start_time + 500000000LL;) {
        char text[64] = "";
        const int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
        if (fd < 0) return;
        (void)!read(fd, text, sizeof text - 1);
        close(fd);
        int running = 0;
        if (sscanf(text, "%*s %*s %*s %d/", &running) != 1) return;
        calm = running <= 1 ? calm + 1 : 0;
        sleep_ms(1);
    }
    const double took = (double)(now() - start_time) / 1e6;
    patience_ms -= took;
    waited_ms += took;
}

static void shuffle(int* order) {
    static unsigned long long seed = 88172645463325252ULL;
    for (int i = 0; i < command_count; ++i) order[i] = i;
    for (int i = command_count - 1; i > 0; --i) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        const int j = (int)(seed % (unsigned)(i + 1)), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

static void ring(int number) {
    (void)number;
}

int main(int argc, char** argv) {
    if (argc != 5) die("usage: turns PLAN ROUNDS PAUSE_MS PATIENCE_MS");
    read_plan(argv[1]);
    const long rounds = atol(argv[2]);
    const double pause_ms = atof(argv[3]);
    patience_ms = atof(argv[4]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGPIPE, SIG_DFL);
    struct sigaction alarmed = {.sa_handler = ring}; /* without SA_RESTART: it interrupts waitpid */
    sigaction(SIGALRM, &alarmed, 0);

    for (long round = -warm_up; round < rounds; ++round) {
        int order[most_commands];
        shuffle(order);
        for (int i = 0; i < command_count; ++i) {
            struct command* c = &commands[order[i]];
            if (c->failed || (c->rounds >= 0 && (round >= c->rounds || round < -1))) continue;
            prepared[0] = 0;
            if (c->before && !run_text(c, c->before)) {
                fail(c, "%s", "it could not be prepared", 0);
                continue;
            }
            drain();
            sleep_ms(pause_ms);
            wait_for_calm();
            const long long took = measure(c);
            if (took >= 0 && round >= 0) printf("%d %ld %lld %ld\n", order[i], round, took, usage.ru_maxrss);
            if (c->after && !run_text(c, c->after)) fail(c, "%s", "its trace could not be removed", 0);
            fflush(stdout);
        }
    }
    printf("waited %.0f\n", waited_ms);
    return 0;
}
