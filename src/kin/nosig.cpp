// SPDX-License-Identifier: Apache-2.0
// The order of nosig's options is their meaning: each acts as soon as it is read, so getopt_long walks argv
// here (a leading `+`: the program's own arguments are never looked at). The acts on signals are in
// nosig_signals.
#include "kin/nosig.hpp"

#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "kin/nosig_help.hpp"
#include "kin/nosig_signals.hpp"
#include "kin/say.hpp"
#include "sys/error.hpp"
#include "text/escape.hpp"
#include "version.hpp"

namespace sigmund::kin {
namespace {

constexpr int exit_failure = 125, exit_not_executable = 126, exit_not_found = 127;

// Beyond the characters that are short options.
enum Option : int {
    opt_reset = 256,
    opt_ignore_all,
    opt_ignore_std,
    opt_ignore_rt,
    opt_default_all,
    opt_default_std,
    opt_default_rt,
    opt_block_all,
    opt_block_std,
    opt_block_rt,
    opt_unblock_all,
    opt_unblock_std,
    opt_unblock_rt,
    opt_stdin,
    opt_stdout,
    opt_stderr,
    opt_output,
    opt_null_io,
    opt_show_status,
};

constexpr char short_options[] = "+vI:D:a:d:efbuslVh";
constexpr option long_options[] = {
    {"reset", no_argument, nullptr, opt_reset},
    {"verbose", no_argument, nullptr, 'v'},
    {"ignore", required_argument, nullptr, 'I'},
    {"ignore-all", no_argument, nullptr, opt_ignore_all},
    {"ignore-all-std", no_argument, nullptr, opt_ignore_std},
    {"ignore-all-rt", no_argument, nullptr, opt_ignore_rt},
    {"ignore-std-all", no_argument, nullptr, opt_ignore_std},
    {"ignore-rt-all", no_argument, nullptr, opt_ignore_rt},
    {"default", required_argument, nullptr, 'D'},
    {"default-all", no_argument, nullptr, opt_default_all},
    {"default-all-std", no_argument, nullptr, opt_default_std},
    {"default-all-rt", no_argument, nullptr, opt_default_rt},
    {"default-std-all", no_argument, nullptr, opt_default_std},
    {"default-rt-all", no_argument, nullptr, opt_default_rt},
    {"add", required_argument, nullptr, 'a'},
    {"del", required_argument, nullptr, 'd'},
    {"empty", no_argument, nullptr, 'e'},
    {"fill", no_argument, nullptr, 'f'},
    {"block", no_argument, nullptr, 'b'},
    {"block-all", no_argument, nullptr, opt_block_all},
    {"block-all-std", no_argument, nullptr, opt_block_std},
    {"block-all-rt", no_argument, nullptr, opt_block_rt},
    {"unblock", no_argument, nullptr, 'u'},
    {"unblock-all", no_argument, nullptr, opt_unblock_all},
    {"unblock-all-std", no_argument, nullptr, opt_unblock_std},
    {"unblock-all-rt", no_argument, nullptr, opt_unblock_rt},
    {"set", no_argument, nullptr, 's'},
    {"stdin", required_argument, nullptr, opt_stdin},
    {"stdout", required_argument, nullptr, opt_stdout},
    {"stderr", required_argument, nullptr, opt_stderr},
    {"output", required_argument, nullptr, opt_output},
    {"null-io", no_argument, nullptr, opt_null_io},
    {"show-status", no_argument, nullptr, opt_show_status},
    {"list", no_argument, nullptr, 'l'},
    {"version", no_argument, nullptr, 'V'},
    {"help", no_argument, nullptr, 'h'},
    {nullptr, 0, nullptr, 0},
};

// Thrown by an act to end the run with this status; its reason has been said.
struct Stop {
    int status;
};

int signal_of(const char* sigspec) {
    if (const auto signal = sys::parse_nosig_sigspec(sigspec)) return *signal;
    say("nosig", std::string("invalid signal: ") + sigspec);
    throw Stop{exit_failure};
}

// Puts the file at `path` in place of the standard streams `first` to `last`.
void redirect(const char* path, int first, int last) {
    const int flags = first == STDIN_FILENO ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
    int fd;
    do fd = open(path, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);  // a FIFO may wait for long
    bool done = fd >= 0;
    for (int target = first; done && target <= last; ++target) {
        // A stream that was closed may be the very descriptor that open(2) gave: then it only has to stay.
        done = fd == target ? fcntl(fd, F_SETFD, 0) == 0 : dup2(fd, target) >= 0;
    }
    if (!done) {
        say("nosig", std::string(path) + ": " + sys::describe_errno(errno));
        throw Stop{exit_failure};
    }
    if (fd < first || fd > last) close(fd);
}

// An informational option ends everything at its place.
[[noreturn]] void inform(const std::string& text) {
    const int error = answer(text);
    if (error != 0) say("nosig", "cannot write: " + sys::describe_errno(error));
    throw Stop{error == 0 ? 0 : exit_failure};
}

void act(int option, NosigSignals& signals) {
    // clang-format off
    switch (option) {
        case opt_reset: return signals.reset();
        case 'v': return signals.more_verbose();
        case 'I': return signals.dispose(signal_of(optarg), true);
        case opt_ignore_all: return signals.dispose(all_signals, true);
        case opt_ignore_std: return signals.dispose(standard_signals, true);
        case opt_ignore_rt: return signals.dispose(realtime_signals, true);
        case 'D': return signals.dispose(signal_of(optarg), false);
        case opt_default_all: return signals.dispose(all_signals, false);
        case opt_default_std: return signals.dispose(standard_signals, false);
        case opt_default_rt: return signals.dispose(realtime_signals, false);
        case 'a': return signals.add(signal_of(optarg));
        case 'd': return signals.remove(signal_of(optarg));
        case 'e': return signals.empty();
        case 'f': return signals.fill();
        case 'b': return signals.mask_by_set(SIG_BLOCK);
        case opt_block_all: return signals.mask_by_range(SIG_BLOCK, all_signals);
        case opt_block_std: return signals.mask_by_range(SIG_BLOCK, standard_signals);
        case opt_block_rt: return signals.mask_by_range(SIG_BLOCK, realtime_signals);
        case 'u': return signals.mask_by_set(SIG_UNBLOCK);
        case opt_unblock_all: return signals.mask_by_range(SIG_UNBLOCK, all_signals);
        case opt_unblock_std: return signals.mask_by_range(SIG_UNBLOCK, standard_signals);
        case opt_unblock_rt: return signals.mask_by_range(SIG_UNBLOCK, realtime_signals);
        case 's': return signals.mask_by_set(SIG_SETMASK);
        case opt_stdin: return redirect(optarg, STDIN_FILENO, STDIN_FILENO);
        case opt_stdout: return redirect(optarg, STDOUT_FILENO, STDOUT_FILENO);
        case opt_stderr: return redirect(optarg, STDERR_FILENO, STDERR_FILENO);
        case opt_output: return redirect(optarg, STDOUT_FILENO, STDERR_FILENO);
        case opt_null_io: redirect("/dev/null", STDIN_FILENO, STDIN_FILENO);
                          return redirect("/dev/null", STDOUT_FILENO, STDERR_FILENO);
        case opt_show_status: inform(signals.status());
        case 'l': inform(list_of_signals());
        case 'V': inform("nosig " SIGMUND_VERSION "\nRealtime signals supported\n");
        case 'h': inform(nosig_help);
    }
    // clang-format on
    if (opterr == 0) say("nosig", "invalid option");  // else getopt has said what is wrong with it
    throw Stop{exit_failure};
}

int run(int argc, char** argv) {
    NosigSignals signals;
    optind = 0;  // glibc: start anew, whatever was parsed before
    opterr = 1;
    // getopt quotes words as they are: a terminal must not see control characters, so then it has to be
    // silent.
    for (int i = 1; i < argc; ++i)
        if (text::escape_for_display(argv[i]) != argv[i]) opterr = 0;
    for (int option; (option = getopt_long(argc, argv, short_options, long_options, nullptr)) != -1;)
        act(option, signals);
    if (optind >= argc) {
        say("nosig", "no program given; see nosig --help");
        return exit_failure;
    }
    execvp(argv[optind], argv + optind);
    const int error = errno;
    say("nosig", std::string(argv[optind]) + ": " + sys::describe_errno(error));
    return error == EACCES ? exit_not_executable : error == ENOENT ? exit_not_found : exit_failure;
}

}  // namespace

int nosig_main(int argc, char** argv) {
    // getopt begins its messages with argv[0], which may be a path, something else's name, or missing.
    char name[] = "nosig";
    std::vector<char*> words{name};
    for (int i = 1; i < argc; ++i) words.push_back(argv[i]);
    words.push_back(nullptr);
    try {
        return run(static_cast<int>(words.size()) - 1, words.data());
    } catch (const Stop& stop) {
        return stop.status;
    }
}

}  // namespace sigmund::kin
