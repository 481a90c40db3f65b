// SPDX-License-Identifier: Apache-2.0
// This file implements the two grammars and the system calls for dispositions and masks. They are raw system
// calls because glibc refuses its own two reserved signals (32, 33) and hides them in masks.
#include "sys/signals.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sigmund::sys {
namespace {

// The values of glibc's SIGRTMIN and SIGRTMAX; the kernel's range begins at 32.
constexpr int rt_min = 34, rt_max = 64;

// Accepts decimal digits only: no sign, no blanks, no base prefix.
std::optional<int> parse_number(std::string_view text, int maximum) {
    if (text.empty()) return {};
    int value = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return {};
        value = value * 10 + (c - '0');
        if (value > maximum) return {};
    }
    return value;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// Parses a name without SIG: "HUP", "IOT", "RTMIN", "RTMIN+30", "RTMAX-0".
std::optional<int> parse_bare_name(std::string_view text) {
    for (const NamedSignal& known : named_signals)
        if (text == known.name) return known.number;
    if (take_prefix(text, "RTMIN")) {
        if (text.empty()) return rt_min;
        if (!take_prefix(text, "+")) return {};
        if (auto offset = parse_number(text, rt_max - rt_min)) return rt_min + *offset;
    } else if (take_prefix(text, "RTMAX")) {
        if (text.empty()) return rt_max;
        if (!take_prefix(text, "-")) return {};
        if (auto offset = parse_number(text, rt_max - rt_min)) return rt_max - *offset;
    }
    return {};
}

// The kernel forbids KILL and STOP; sigmund leaves out 32 and 33, which the threads of a C library rely on.
constexpr SignalBits untouchable =
    signal_bit(SIGKILL) | signal_bit(SIGSTOP) | signal_bit(32) | signal_bit(33);

// This is the kernel's structure on x86, ARM, RISC-V, POWER and S390: the handler comes first, and zeros are
// right for flags, restorer and mask with SIG_IGN and SIG_DFL, whatever their order.
struct KernelSigaction {
    void (*handler)(int);
    unsigned long rest[4];
};

long raw_sigaction(int signal, const KernelSigaction* wanted, KernelSigaction* old) noexcept {
    return syscall(SYS_rt_sigaction, signal, wanted, old, sizeof(SignalBits));
}

}  // namespace

std::string signal_name(int signal) {
    for (const NamedSignal& known : named_signals)
        if (known.number == signal) return std::string("SIG") + known.name;
    if (signal == rt_min) return "SIGRTMIN";
    if (signal == rt_max) return "SIGRTMAX";
    if (signal > rt_min && signal < rt_max) return "SIGRTMIN+" + std::to_string(signal - rt_min);
    return "SIG" + std::to_string(signal);
}

std::optional<int> parse_signal(std::string_view text) {
    if (text.size() > 16) return {};
    std::string upper;
    for (char c : text) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    std::string_view rest = upper;
    take_prefix(rest, "SIG");  // also SIG32, as signal_name() prints it
    if (auto number = parse_number(rest, max_signal)) return *number ? number : std::nullopt;
    if (rest == "CLD") return SIGCHLD;  // the System V name
    return parse_bare_name(rest);
}

std::optional<int> parse_nosig_sigspec(std::string_view text) {
    if (auto number = parse_number(text, max_signal)) return number;
    take_prefix(text, "SIG");
    return parse_bare_name(text);
}

std::vector<std::string> signal_names(SignalBits bits) {
    std::vector<std::string> names;
    for (int signal = 1; signal <= max_signal; ++signal)
        if (bits & signal_bit(signal)) names.push_back(signal_name(signal));
    return names;
}

int set_disposition(int signal, bool ignored) noexcept {
    KernelSigaction wanted{};
    wanted.handler = ignored ? SIG_IGN : SIG_DFL;
    return raw_sigaction(signal, &wanted, nullptr) == 0 ? 0 : errno;
}

std::optional<bool> is_ignored(int signal) noexcept {
    KernelSigaction current{};
    if (raw_sigaction(signal, nullptr, &current) != 0) return {};
    return current.handler == SIG_IGN;
}

int change_mask(int how, SignalBits bits, SignalBits* old) noexcept {
    return syscall(SYS_rt_sigprocmask, how, &bits, old, sizeof bits) == 0 ? 0 : errno;
}

SignalBits current_mask() noexcept {
    SignalBits mask = 0;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, nullptr, &mask, sizeof mask);
    return mask;
}

void apply_signal_setup(const SignalSetup& setup) noexcept {
    if (setup.reset) {
        // This resets the two reserved signals too, which may be SIG_IGN by inheritance or blocked by
        // block_all_signals(). KILL and STOP fail with EINVAL, which is ignored as intended.
        for (int signal = 1; signal <= max_signal; ++signal) set_disposition(signal, false);
    }
    for (int signal = 1; signal <= max_signal; ++signal) {
        const SignalBits bit = signal_bit(signal);
        if (untouchable & bit) continue;
        if (setup.ignore & bit) set_disposition(signal, true);
        if (setup.defaults & bit) set_disposition(signal, false);
    }
    // The mask is set last and in one step: no pending signal is delivered before its disposition is set.
    SignalBits mask = setup.reset ? 0 : current_mask();
    mask |= setup.block & ~untouchable;
    mask &= ~(setup.unblock & ~untouchable);
    change_mask(SIG_SETMASK, mask);
}

sigset_t block_all_signals() noexcept {
    SignalBits before = 0;
    change_mask(SIG_SETMASK, ~SignalBits{0}, &before);
    sigset_t set;
    std::memset(&set, 0, sizeof set);
    static_assert(sizeof set >= sizeof before);
    std::memcpy(&set, &before, sizeof before);  // the kernel's 64 bits are the first of glibc's 1024
    return set;
}

}  // namespace sigmund::sys
