// SPDX-License-Identifier: Apache-2.0
#include "ops/viewer_terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "sys/clock.hpp"
#include "sys/file.hpp"

namespace sigmund::ops {
namespace {

// A terminal that blocks takes this much when poll(2) says that it has room.
constexpr std::size_t small_piece = 256;
// How long a slow terminal may take to get its modes back.
constexpr sys::Millis reset_patience = 2'000;

// Returns whether this process may set the terminal: no other process group has it.
bool owns(int terminal) {
    const pid_t foreground = ::tcgetpgrp(terminal);
    return foreground < 0 || foreground == ::getpgrp();
}

}  // namespace

int ViewerTerminal::fallback() {
    return STDOUT_FILENO;
}

int ViewerTerminal::input() const {
    return STDIN_FILENO;
}

ViewerTerminal::ViewerTerminal() {
    sigset_t caught;
    sigemptyset(&caught);
    for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT})
        sigaddset(&caught, signal);
    ::sigprocmask(SIG_BLOCK, &caught, &mask_before_);
    signals_ = sys::SignalQueue(caught);
    ::tcgetattr(STDIN_FILENO, &before_);
    // A description of its own, since O_NONBLOCK on stdout would also be one of the shell.
    output_.reset(::open("/proc/self/fd/1", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
}

ViewerTerminal::~ViewerTerminal() {
    leave();
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

void ViewerTerminal::enter() {
    termios raw = before_;
    ::cfmakeraw(&raw);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    // In the background this stops the process until it is continued in the foreground.
    while (::tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0 && errno == EINTR) {
    }
    raw_ = true;
    std::string modes = modes_.set();
    while (!modes.empty() && write(modes)) {
        pollfd set{output(), POLLOUT, 0};
        if (::poll(&set, 1, 1'000) <= 0) return;
    }
}

// The output may have been cut off in the middle of a sequence. ESC begins a new one.
void ViewerTerminal::leave() {
    if (!std::exchange(raw_, false) || !owns(STDIN_FILENO)) return;
    std::string reset = modes_.reset() + "\x1b[0m";
    const sys::Millis until = sys::monotonic_ms() + reset_patience;
    while (!reset.empty()) {
        const ssize_t n = ::write(output(), reset.data(), reset.size());
        if (n < 0 && errno != EAGAIN && errno != EINTR) break;
        if (n > 0) reset.erase(0, static_cast<std::size_t>(n));
        const sys::Millis rest = until - sys::monotonic_ms();
        pollfd set{output(), POLLOUT, 0};
        if (rest <= 0 || (n < 0 && ::poll(&set, 1, static_cast<int>(rest)) == 0)) break;
    }
    ::tcflush(STDIN_FILENO, TCIFLUSH);  // what was typed for the program is nothing for the shell
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

int ViewerTerminal::take_signal() {
    signalfd_siginfo signal{};
    if (!signals_.read(signal)) return 0;
    return static_cast<int>(signal.ssi_signo);
}

bool ViewerTerminal::read(std::string& out) {
    char buffer[16 * 1024];
    const ssize_t n = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    out.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
}

bool ViewerTerminal::write(std::string& text) {
    const std::size_t size = output_ ? text.size() : std::min(text.size(), small_piece);
    const ssize_t n = ::write(output(), text.data(), size);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    modes_.feed(std::string_view(text).substr(0, static_cast<std::size_t>(n)));
    text.erase(0, static_cast<std::size_t>(n));
    return true;
}

void ViewerTerminal::stop() {
    leave();
    ::kill(::getpid(), SIGSTOP);
}

}  // namespace sigmund::ops
