// SPDX-License-Identifier: Apache-2.0
#include "kin/supervise_start.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "kin/say.hpp"
#include "sys/error.hpp"
#include "sys/fd.hpp"
#include "version.hpp"

namespace sigmund::kin {
namespace {

constexpr char help[] =
    R"(Usage: supervise
       supervise --json [[--] COMMAND [ARGUMENT]...]
Supervise the child processes this process already has: send them the signals
asked for on standard input, tell on standard output how each one ended, and
kill them all, with all their descendants, when standard input ends.

Without arguments the protocol is that of <sigmund/supervise_protocol.h>:
structs of two ints in, siginfo_t out. It is meant to be executed by a program
that has set PR_SET_CHILD_SUBREAPER and started its children.

)";

SuperviseOptions told(std::string_view text) {
    SuperviseOptions options;
    options.exit_status = answer(text) == 0 ? 0 : 1;
    return options;
}

// This runs between fork and exec and makes async-signal-safe calls only. Returns errno.
int become(char** command, sys::SignalBits mask) noexcept {
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return errno;
    sys::change_mask(SIG_SETMASK, mask);
    execvp(command[0], command);
    return errno;
}

int failed(const std::string& what, int error) {
    say("supervise", what + ": " + sys::describe_errno(error));
    return error == EACCES ? 126 : error == ENOENT ? 127 : 125;
}

}  // namespace

SuperviseOptions parse_supervise_options(int argc, char** argv) {
    SuperviseOptions options;
    if (argc <= 1) return options;
    const ToolOption* known = find_option(supervise_options, argv[1]);
    const std::string_view first = known ? known->name : "";
    if (first == "help") return told(help + option_lines(supervise_options));
    if (first == "version") return told("supervise " SIGMUND_VERSION "\n");
    if (first != "json") {
        say("supervise", std::string("unexpected argument: ") + argv[1]);
        options.exit_status = 1;
        return options;
    }
    options.json = true;
    int at = 2;
    if (at < argc && std::string_view(argv[at]) == "--") {
        ++at;
    } else if (at < argc && argv[at][0] == '-') {
        say("supervise", std::string("unexpected argument: ") + argv[at]);
        options.exit_status = 1;
    }
    if (at < argc) options.command = argv + at;
    return options;
}

Started start_command(char** command, sys::SignalBits mask) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        failed("pipe", errno);
        return {0, 125};
    }
    sys::Fd reading(ends[0]), writing(ends[1]);
    const pid_t child = fork();
    if (child < 0) {
        failed("fork", errno);
        return {0, 125};
    }
    if (child == 0) {
        const int error = become(command, mask);
        if (write(writing.get(), &error, sizeof error) < 0) _exit(126);
        _exit(127);
    }
    writing.reset();
    int error = 0;
    ssize_t got;
    do got = read(reading.get(), &error, sizeof error);
    while (got < 0 && errno == EINTR);
    // The exec closed it, or a death before the exec, which becomes an event.
    if (got <= 0) return {child, 0};
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
    return {0, failed(command[0], error)};
}

}  // namespace sigmund::kin
