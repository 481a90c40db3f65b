// SPDX-License-Identifier: Apache-2.0
#include "kin/nosig_signals.hpp"

#include <string.h>
#include <unistd.h>

#include <cstdio>

#include "kin/say.hpp"
#include "sys/error.hpp"

namespace sigmund::kin {
namespace {

using sys::max_signal;
using sys::signal_bit;
using sys::SignalBits;

constexpr bool reserved(int signal) {
    return signal == 32 || signal == 33;
}

constexpr SignalBits bits_of(SignalRange range) {
    SignalBits bits = 0;
    for (int signal = range.first; signal <= range.last; ++signal)
        if (!reserved(signal)) bits |= signal_bit(signal);
    return bits;
}

// Returns a signal's name as the status tokens show it: without SIG, and "???" for the two reserved signals.
std::string short_name(int signal) {
    return reserved(signal) ? "???" : sys::signal_name(signal).substr(3);
}

void append_row(std::string& out, const char* name, int number, const char* description) {
    char line[128];
    snprintf(line, sizeof line, "%-15s %2i   %s\n", name, number, description);
    out += line;
}

void append_realtime_row(std::string& out, const std::string& name, int number) {
    char description[40];
    snprintf(description, sizeof description, "Real-time signal %d", number - realtime_signals.first);
    append_row(out, name.c_str(), number, description);
}

}  // namespace

void NosigSignals::report(const char* act, int signal, int error) const {
    if (verbosity_ == 0 || error == 0) return;
    const std::string name =
        signal >= 1 && signal <= max_signal ? sys::signal_name(signal) : "signal " + std::to_string(signal);
    say("nosig", std::string(act) + ' ' + name + ": " + sys::describe_errno(error));
}

void NosigSignals::dispose(int signal, bool ignored) {
    const int error = reserved(signal) ? EINVAL : sys::set_disposition(signal, ignored);
    report(ignored ? "ignore" : "default", signal, error);
}

void NosigSignals::dispose(SignalRange range, bool ignored) {
    for (int signal = range.first; signal <= range.last; ++signal) dispose(signal, ignored);
}

void NosigSignals::reset() {
    // The order matters: a pending signal that is ignored is discarded when it is unblocked, and is not
    // delivered.
    const int error = sys::change_mask(SIG_SETMASK, 0);
    if (verbosity_ > 0 && error != 0) say("nosig", "unblock: " + sys::describe_errno(error));
    dispose(all_signals, false);
}

void NosigSignals::add(int signal) {
    if (signal < 1 || reserved(signal)) return report("add", signal, EINVAL);
    set_ |= signal_bit(signal);
}

void NosigSignals::remove(int signal) {
    if (signal < 1 || reserved(signal)) return report("del", signal, EINVAL);
    set_ &= ~signal_bit(signal);
}

void NosigSignals::fill() {
    set_ = bits_of(all_signals);
}

void NosigSignals::mask_by_range(int how, SignalRange range) {
    mask(how, bits_of(range));
}

void NosigSignals::mask(int how, SignalBits bits) {
    const int error = sys::change_mask(how, bits);  // the kernel drops KILL and STOP
    if (verbosity_ > 0 && error != 0) say("nosig", "mask: " + sys::describe_errno(error));
}

std::string NosigSignals::status() const {
    const SignalBits blocked = sys::current_mask();
    std::string dispositions = verbosity_ > 0 ? "disp:" : "", mask = verbosity_ > 0 ? "mask:" : "";
    for (int signal = 1; signal <= max_signal; ++signal) {
        const std::string number = std::to_string(signal);
        std::string token = number;
        if (verbosity_ > 0)
            token =
                (verbosity_ > 1 && !reserved(signal) ? "SIG" : "") + short_name(signal) + '[' + number + ']';
        // The kernel is asked about the two reserved signals too; with -v they only lack a name.
        const std::optional<bool> ignored = sys::is_ignored(signal);
        dispositions += std::string(" ") + (!ignored ? '?' : *ignored ? 'i' : 'd') + token;
        mask += std::string(" ") + (blocked & signal_bit(signal) ? 'b' : 'u') + token;
    }
    return dispositions + '\n' + mask + '\n';
}

std::string list_of_signals() {
    std::string out;
    for (const sys::NamedSignal& known : sys::named_signals)
        append_row(out, known.name, known.number, sigdescr_np(known.number));
    constexpr int first = realtime_signals.first, last = realtime_signals.last;
    append_realtime_row(out, "SIGRTMIN", first);
    for (int n = 0; n <= last - first; ++n)
        append_realtime_row(out, "SIGRTMIN+" + std::to_string(n), first + n);
    append_realtime_row(out, "SIGRTMAX", last);
    for (int n = 0; n <= last - first; ++n)
        append_realtime_row(out, "SIGRTMAX-" + std::to_string(n), last - n);
    return out;
}

}  // namespace sigmund::kin
