// SPDX-License-Identifier: Apache-2.0
// Catches or ignores signals and prints, one a line, each that it gets: "got TERM".
//   trapper [--ignore SIG]... [--catch SIG]... [--exit-on SIG=N]...
// SIG is a name without SIG, a number, or (not for --exit-on) "all". Prints "ready PID" first; ends after 5
// min.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char lines[65][24];                 // what to print, made before any signal comes
static volatile sig_atomic_t exit_on[65];  // exit status + 1; 0: go on

static void print_signal(int signal) {
    const int saved = errno;
    // Its reader may be gone, or the terminal hung up: that is no reason to end otherwise.
    if (write(STDOUT_FILENO, lines[signal], strlen(lines[signal])) < 0) errno = 0;
    if (exit_on[signal] != 0) _exit(exit_on[signal] - 1);
    errno = saved;
}

static int parse(const char* text) {
    char* end = NULL;
    const long number = strtol(text, &end, 10);
    if (end != text && *end == '\0' && number >= 1 && number <= 64) return (int)number;
    for (int signal = 1; signal < 32; ++signal) {
        if (strcmp(text, sigabbrev_np(signal)) == 0) return signal;
    }
    fprintf(stderr, "trapper: no signal: %s\n", text);
    exit(2);
}

static void set_handler(int signal, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler};
    sigfillset(&action.sa_mask);       // so that two lines never mix
    sigaction(signal, &action, NULL);  // KILL, STOP and the C library's two refuse, rightly
}

static void set(const char* text, void (*handler)(int)) {
    if (strcmp(text, "all") != 0) {
        set_handler(parse(text), handler);
        return;
    }
    for (int signal = 1; signal <= 64; ++signal) set_handler(signal, handler);
}

int main(int argc, char** argv) {
    for (int signal = 1; signal <= 64; ++signal) {
        const char* name = sigabbrev_np(signal);
        if (name != NULL) {
            snprintf(lines[signal], sizeof lines[signal], "got %s\n", name);
        } else {
            snprintf(lines[signal], sizeof lines[signal], "got %d\n", signal);
        }
    }
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--ignore") == 0) {
            set(argv[i + 1], SIG_IGN);
        } else if (strcmp(argv[i], "--catch") == 0) {
            set(argv[i + 1], print_signal);
        } else if (strcmp(argv[i], "--exit-on") == 0 && strchr(argv[i + 1], '=') != NULL) {
            char* equals = strchr(argv[i + 1], '=');
            *equals = '\0';
            const int signal = parse(argv[i + 1]);
            exit_on[signal] = atoi(equals + 1) + 1;
            set_handler(signal, print_signal);
        } else {
            fprintf(stderr, "trapper: bad option: %s\n", argv[i]);
            return 2;
        }
    }
    printf("ready %d\n", (int)getpid());
    fflush(stdout);
    const time_t end = time(NULL) + 300;
    while (time(NULL) < end) sleep(10);  // cut short by each signal
    return 98;
}
