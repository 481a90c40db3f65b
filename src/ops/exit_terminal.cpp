// SPDX-License-Identifier: Apache-2.0
#include "ops/exit_terminal.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "run/shell_session.hpp"
#include "sys/process.hpp"
#include "sys/refused_call.hpp"

namespace sigmund::ops {
namespace {

// Interrupts a system call, and has no other effect.
void interrupt(int) {}

// Returns a pidfd of the shell, or nothing when the id does not tell which process that is.
sys::Fd pin(const std::string& shell) {
    const auto id = run::parse_shell_id(shell);
    sys::Fd pidfd = id ? sys::open_pidfd(id->pid) : sys::Fd();
    // A process that has taken the number of the shell is not watched.
    return run::shell_alive(shell) ? std::move(pidfd) : sys::Fd();
}

}  // namespace

bool in_foreground(int terminal) {
    return ::tcgetpgrp(terminal) == ::getpgrp();
}

ExitTerminal::ExitTerminal(int fd, const std::string& shell) : fd_(fd), shell_(pin(shell)) {
    sigset_t caught;
    sigemptyset(&caught);
    // These stay caught after the question, so that they do not end this process in the middle of its work.
    struct sigaction action {};
    action.sa_handler = interrupt;
    for (const int signal : {SIGHUP, SIGTERM, SIGINT}) {
        ::sigaction(signal, &action, nullptr);
        sigaddset(&caught, signal);
    }
    sigaddset(&caught, SIGWINCH);
    ::sigprocmask(SIG_BLOCK, &caught, &mask_before_);
    signals_ = sys::SignalQueue(caught);
    if (!signals_ || ::tcgetattr(fd, &before_) != 0) return;
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_iflag |= ICRNL;
    raw.c_iflag &= ~static_cast<tcflag_t>(INLCR | IGNCR);
    raw.c_oflag |= OPOST | ONLCR;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    // This flushes the input: keys that were typed before the question must not answer it.
    ok_ = ::tcsetattr(fd, TCSAFLUSH, &raw) == 0;
}

ExitTerminal::~ExitTerminal() {
    // When the shell was killed, another shell may have the terminal, in a mode of its own.
    if (ok_ && in_foreground(fd_)) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

ExitTerminal::Event ExitTerminal::wait(sys::Millis until) {
    // A shell without a pidfd is looked at now and then.
    const bool told = !shell_ || sys::tells_end(shell_.get());
    pollfd set[] = {
        {fd_, POLLIN, 0}, {signals_.descriptor(), POLLIN, 0}, {told ? shell_.get() : -1, POLLIN, 0}};
    const auto left = static_cast<int>(std::clamp<sys::Millis>(until - sys::monotonic_ms(), 0, 60'000));
    const int ready = ::poll(set, 3, signals_.pause(told ? left : sys::pause_between_looks(left)));
    if (ready < 0 && errno != EINTR) return {};
    if (ready < 0) return wait(until);
    if (shell_ && sys::has_ended(shell_.get())) return {};
    if (signalfd_siginfo signal{}; signals_.read(signal)) return event_of(signal);
    if (set[0].revents != 0) return take_byte();
    return {Event::Kind::nothing};
}

ExitTerminal::Event ExitTerminal::event_of(const signalfd_siginfo& signal) {
    return {signal.ssi_signo == SIGWINCH ? Event::Kind::resized : Event::Kind::gone};
}

ExitTerminal::Event ExitTerminal::take_byte() {
    unsigned char byte = 0;
    // The read fails with EIO in a process group that is no longer in the foreground and has no parent.
    if (::read(fd_, &byte, 1) != 1) return {};
    return {Event::Kind::byte, byte};
}

}  // namespace sigmund::ops
