// SPDX-License-Identifier: Apache-2.0
// Signals: their names, the two grammars that name them, dispositions and masks (signal(7)).
#pragma once
#include <signal.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sigmund::sys {

inline constexpr int max_signal = 64;  // Linux: 1..64 on every architecture we build for

// The standard signals by number; an alias stands behind its primary name.
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

// "SIGTERM" for 15; "SIGRTMIN+3" for real-time ones; "SIG32" for the two the C library reserves
// and for what has no name. Never empty.
std::string signal_name(int signal);

// ask: a signal as people type it: any case, with or without SIG, a number 1..64, RTMIN+n, RTMAX-n.
std::optional<int> parse_signal(std::string_view text);

// ask: the strict grammar of the nosig tool: case-sensitive, optional SIG, decimal 0..64.
std::optional<int> parse_nosig_sigspec(std::string_view text);

// One bit a signal, bit (n-1) for signal n, as /proc/PID/status prints SigIgn, SigBlk and SigCgt.
using SignalBits = std::uint64_t;
constexpr SignalBits signal_bit(int signal) {
    return SignalBits{1} << (signal - 1);
}
// The names in a mask, in order of number.
std::vector<std::string> signal_names(SignalBits bits);

// Raw system calls, async-signal-safe, on any of 1..64, the C library's reserved two included.
// Those that change something return 0 or errno (EINVAL for KILL and STOP).
int set_disposition(int signal, bool ignored) noexcept;                         // SIG_IGN, or else SIG_DFL
int change_mask(int how, SignalBits bits, SignalBits* old = nullptr) noexcept;  // how: SIG_BLOCK, ...
std::optional<bool> is_ignored(int signal) noexcept;  // ask: nothing for what is no signal
SignalBits current_mask() noexcept;

// What a child's signals are set to between fork and exec.
struct SignalSetup {
    bool reset = true;        // all dispositions to default, the mask empty, before the rest applies
    SignalBits ignore = 0;    // then: set to SIG_IGN
    SignalBits defaults = 0;  // then: set to SIG_DFL
    SignalBits block = 0;     // then: added to the mask
    SignalBits unblock = 0;   // then: removed from the mask
};

// Async-signal-safe, for use between fork and exec. KILL, STOP and the C library's two reserved
// signals are silently left alone: the raw system calls are used where the library would refuse.
void apply_signal_setup(const SignalSetup& setup) noexcept;

// Every signal blocked, the C library's reserved two included; returns what was blocked before.
sigset_t block_all_signals() noexcept;

}  // namespace sigmund::sys
