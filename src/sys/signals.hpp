// SPDX-License-Identifier: Apache-2.0
// This file holds the names of signals, the two grammars for them, dispositions and masks (signal(7)).
#pragma once
#include <signal.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::sys {

inline constexpr int max_signal = 64;  // Linux has 1..64 on every architecture that sigmund supports

// The standard signals by number. An alias follows its primary name.
struct NamedSignal {
    const char* name;
    int number;
};
inline constexpr NamedSignal named_signals[] = {
    {"HUP", SIGHUP},   {"INT", SIGINT},       {"QUIT", SIGQUIT}, {"ILL", SIGILL},     {"TRAP", SIGTRAP},
    {"ABRT", SIGABRT}, {"IOT", SIGIOT},       {"BUS", SIGBUS},   {"FPE", SIGFPE},     {"KILL", SIGKILL},
    {"USR1", SIGUSR1}, {"SEGV", SIGSEGV},     {"USR2", SIGUSR2}, {"PIPE", SIGPIPE},   {"ALRM", SIGALRM},
    {"TERM", SIGTERM}, {"STKFLT", SIGSTKFLT}, {"CHLD", SIGCHLD}, {"CONT", SIGCONT},   {"STOP", SIGSTOP},
    {"TSTP", SIGTSTP}, {"TTIN", SIGTTIN},     {"TTOU", SIGTTOU}, {"URG", SIGURG},     {"XCPU", SIGXCPU},
    {"XFSZ", SIGXFSZ}, {"VTALRM", SIGVTALRM}, {"PROF", SIGPROF}, {"WINCH", SIGWINCH}, {"IO", SIGIO},
    {"POLL", SIGPOLL}, {"PWR", SIGPWR},       {"SYS", SIGSYS},
};

// Returns "SIGTERM" for 15, "SIGRTMIN+3" for real-time signals, and "SIG32" for the two signals that the C
// library reserves and for numbers without a name. The result is never empty.
std::string signal_name(int signal);

// Parses a signal as people type it: in any case, with or without SIG, a number 1..64, RTMIN+n or RTMAX-n.
// Returns nothing when it is not a signal.
std::optional<int> parse_signal(std::string_view text);

// Parses the strict grammar of nosig: case-sensitive, an optional SIG, or a decimal number 0..64. Returns
// nothing when the text does not match.
std::optional<int> parse_nosig_sigspec(std::string_view text);

// One bit for each signal, bit (n-1) for signal n, as /proc/PID/status prints SigIgn, SigBlk and SigCgt.
using SignalBits = std::uint64_t;
constexpr SignalBits signal_bit(int signal) {
    return SignalBits{1} << (signal - 1);
}
// Returns the names of the signals in a mask, in order of number.
std::vector<std::string> signal_names(SignalBits bits);

// These functions are raw system calls: async-signal-safe, and valid for all of 1..64 including the two that
// the C library reserves. Those that change something return 0 or errno (EINVAL for KILL and STOP).
int set_disposition(int signal, bool ignored) noexcept;  // true: SIG_IGN, false: SIG_DFL
int change_mask(int how, SignalBits bits, SignalBits* old = nullptr) noexcept;  // how: SIG_BLOCK, ...
std::optional<bool> is_ignored(int signal) noexcept;  // returns nothing when `signal` is not a signal
SignalBits current_mask() noexcept;

// Describes how a child's signals are set up between fork and exec.
struct SignalSetup {
    bool reset = true;        // first set all dispositions to default and empty the mask
    SignalBits ignore = 0;    // then set these to SIG_IGN
    SignalBits defaults = 0;  // then set these to SIG_DFL
    SignalBits block = 0;     // then add these to the mask
    SignalBits unblock = 0;   // then remove these from the mask
};

// Applies a setup between fork and exec. KILL, STOP and the two signals that the C library reserves are
// silently skipped. Async-signal-safe: it uses raw system calls where the library would refuse.
void apply_signal_setup(const SignalSetup& setup) noexcept;

// Blocks every signal, including the two that the C library reserves. Returns the earlier mask.
sigset_t block_all_signals() noexcept;

}  // namespace sigmund::sys
