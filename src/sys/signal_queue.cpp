// SPDX-License-Identifier: Apache-2.0
#include "sys/signal_queue.hpp"

#include <unistd.h>

#include <cerrno>

#include "sys/refused_call.hpp"

namespace sigmund::sys {

SignalQueue::SignalQueue(const sigset_t& set) noexcept
    : fd_(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)), set_(set) {
    looks_ = !fd_ && is_refused_call(errno);
}

int SignalQueue::pause(int pause_ms) const noexcept {
    return looks_ ? pause_between_looks(pause_ms) : pause_ms;
}

bool SignalQueue::read(signalfd_siginfo& out) const noexcept {
    if (fd_) return ::read(fd_.get(), &out, sizeof out) == sizeof out;
    if (!looks_) return false;
    siginfo_t info{};
    const timespec at_once{};
    int signal;
    do signal = ::sigtimedwait(&set_, &info, &at_once);
    while (signal < 0 && errno == EINTR);
    if (signal <= 0) return false;
    out = {};
    out.ssi_signo = static_cast<unsigned>(signal);
    out.ssi_code = info.si_code;
    out.ssi_pid = static_cast<unsigned>(info.si_pid);
    out.ssi_uid = info.si_uid;
    out.ssi_int = info.si_value.sival_int;
    return true;
}

}  // namespace sigmund::sys
