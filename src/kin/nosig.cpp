// SPDX-License-Identifier: Apache-2.0
// The options of nosig act in their order, each as soon as it is read, so getopt_long walks argv in this file
// (with a leading `+`, so that the program's own arguments are never parsed). The functions for signals are
// in nosig_signals.
#include "kin/nosig.hpp"

#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kin/nosig_options.hpp"
#include "kin/nosig_signals.hpp"
#include "kin/say.hpp"
#include "sys/error.hpp"
#include "text/escape.hpp"
#include "version.hpp"

namespace sigmund::kin {
namespace {

constexpr int exit_failure = 125, exit_not_executable = 126, exit_not_found = 127;

// The long options for getopt_long, built from the one table.
constexpr auto long_options = [] {
    std::array<option, std::size(nosig_options) + std::size(nosig_aliases) + 1> out{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < std::size(nosig_options); ++i) {
        const ToolOption& known = nosig_options[i];
        out[at++] = {known.name, known.value ? required_argument : no_argument, nullptr,
                     option_code(known, i)};
    }
    for (const ToolAlias& alias : nosig_aliases)
        for (std::size_t i = 0; i < std::size(nosig_options); ++i)
            if (std::string_view(nosig_options[i].name) == alias.means) {
                out[at] = out[i];
                out[at++].name = alias.name;
            }
    return out;
}();

// The leading `+` makes getopt_long stop at the first word that is not an option.
constexpr auto short_options = [] {
    std::array<char, 2 * std::size(nosig_options) + 2> out{'+'};
    std::size_t at = 1;
    for (const ToolOption& known : nosig_options) {
        if (known.letter == '\0') continue;
        out[at++] = known.letter;
        if (known.value) out[at++] = ':';
    }
    return out;
}();

consteval int code(std::string_view name) {
    return option_code(nosig_options, name);
}

// Thrown to end nosig with this exit status, after the reason was printed.
struct Stop {
    int status;
};

int signal_of(const char* sigspec) {
    if (const auto signal = sys::parse_nosig_sigspec(sigspec)) return *signal;
    say("nosig", std::string("invalid signal: ") + sigspec);
    throw Stop{exit_failure};
}

// Replaces the standard streams `first` to `last` by the file at `path`.
void redirect(const char* path, int first, int last) {
    const int flags = first == STDIN_FILENO ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
    int fd;
    do fd = open(path, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);  // opening a FIFO may wait for a long time
    bool done = fd >= 0;
    for (int target = first; done && target <= last; ++target) {
        // If the stream was closed, open(2) may have returned that very descriptor: then it only has to stay
        // open.
        done = fd == target ? fcntl(fd, F_SETFD, 0) == 0 : dup2(fd, target) >= 0;
    }
    if (!done) {
        say("nosig", std::string(path) + ": " + sys::describe_errno(errno));
        throw Stop{exit_failure};
    }
    if (fd < first || fd > last) close(fd);
}

// An informational option prints its text and ends nosig at its place among the options.
[[noreturn]] void inform(const std::string& text) {
    const int error = answer(text);
    if (error != 0) say("nosig", "cannot write: " + sys::describe_errno(error));
    throw Stop{error == 0 ? 0 : exit_failure};
}

void act(int option, NosigSignals& signals) {
    // clang-format off
    switch (option) {
        case code("reset"): return signals.reset();
        case code("verbose"): return signals.more_verbose();
        case code("ignore"): return signals.dispose(signal_of(optarg), true);
        case code("ignore-all"): return signals.dispose(all_signals, true);
        case code("ignore-all-std"): return signals.dispose(standard_signals, true);
        case code("ignore-all-rt"): return signals.dispose(realtime_signals, true);
        case code("default"): return signals.dispose(signal_of(optarg), false);
        case code("default-all"): return signals.dispose(all_signals, false);
        case code("default-all-std"): return signals.dispose(standard_signals, false);
        case code("default-all-rt"): return signals.dispose(realtime_signals, false);
        case code("add"): return signals.add(signal_of(optarg));
        case code("del"): return signals.remove(signal_of(optarg));
        case code("empty"): return signals.empty();
        case code("fill"): return signals.fill();
        case code("block"): return signals.mask_by_set(SIG_BLOCK);
        case code("block-all"): return signals.mask_by_range(SIG_BLOCK, all_signals);
        case code("block-all-std"): return signals.mask_by_range(SIG_BLOCK, standard_signals);
        case code("block-all-rt"): return signals.mask_by_range(SIG_BLOCK, realtime_signals);
        case code("unblock"): return signals.mask_by_set(SIG_UNBLOCK);
        case code("unblock-all"): return signals.mask_by_range(SIG_UNBLOCK, all_signals);
        case code("unblock-all-std"): return signals.mask_by_range(SIG_UNBLOCK, standard_signals);
        case code("unblock-all-rt"): return signals.mask_by_range(SIG_UNBLOCK, realtime_signals);
        case code("set"): return signals.mask_by_set(SIG_SETMASK);
        case code("stdin"): return redirect(optarg, STDIN_FILENO, STDIN_FILENO);
        case code("stdout"): return redirect(optarg, STDOUT_FILENO, STDOUT_FILENO);
        case code("stderr"): return redirect(optarg, STDERR_FILENO, STDERR_FILENO);
        case code("output"): return redirect(optarg, STDOUT_FILENO, STDERR_FILENO);
        case code("null-io"): redirect("/dev/null", STDIN_FILENO, STDIN_FILENO);
                          return redirect("/dev/null", STDOUT_FILENO, STDERR_FILENO);
        case code("show-status"): inform(signals.status());
        case code("list"): inform(list_of_signals());
        case code("version"): inform("nosig " SIGMUND_VERSION "\nRealtime signals supported\n");
        case code("help"): inform(nosig_help_head + option_lines(nosig_options) + nosig_help_tail);
    }
    // clang-format on
    if (opterr == 0) say("nosig", "invalid option");  // otherwise getopt has printed the error
    throw Stop{exit_failure};
}

int run(int argc, char** argv) {
    NosigSignals signals;
    optind = 0;  // glibc then forgets what was parsed before
    opterr = 1;
    // getopt prints words unescaped, and control characters must not reach a terminal, so it is silenced in
    // that case.
    for (int i = 1; i < argc; ++i)
        if (text::escape_for_display(argv[i]) != argv[i]) opterr = 0;
    for (int option;
         (option = getopt_long(argc, argv, short_options.data(), long_options.data(), nullptr)) != -1;)
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
    // getopt begins its messages with argv[0], which may be a path, another program's name, or missing.
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
