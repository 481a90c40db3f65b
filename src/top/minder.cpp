// SPDX-License-Identifier: Apache-2.0
#include "top/minder.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "sys/error.hpp"
#include "sys/file.hpp"

namespace sigmund::top {
namespace {

class Minder {
  public:
    Minder(pid_t screen, const std::string& reset, const termios& before, ScreenState& state)
        : screen_(screen), reset_(reset), before_(before), state_(state) {}

    MindedEnd wait(const sigset_t& caught) {
        for (;;) {
            if (const auto end = look()) return *end;
            const int signal = ::sigwaitinfo(&caught, nullptr);
            if (signal > 0 && signal != SIGCHLD) ::kill(screen_, signal);
        }
    }

  private:
    std::optional<MindedEnd> look() {
        int status = 0;
        while (::waitpid(screen_, &status, WNOHANG | WUNTRACED) > 0) {
            restore();
            if (WIFSTOPPED(status)) {
                stop();
                continue;
            }
            if (WIFSIGNALED(status)) return MindedEnd{false, 128 + WTERMSIG(status), WTERMSIG(status)};
            return MindedEnd{false, WEXITSTATUS(status), 0};
        }
        return std::nullopt;
    }

    // What is typed behind a killed screen was meant for it, and is thrown away.
    void restore() {
        const pid_t foreground = ::tcgetpgrp(STDIN_FILENO);
        if (foreground >= 0 && foreground != ::getpgrp()) return;  // the terminal is another one's now
        if (state_.on) {
            sys::write_all(STDOUT_FILENO, reset_);
            ::tcflush(STDIN_FILENO, TCIFLUSH);
        }
        state_.on = false;
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }

    // SIGTSTP, not SIGSTOP: where no shell could continue this process, the kernel ignores it.
    void stop() {
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, SIGTSTP);
        ::raise(SIGTSTP);
        ::sigprocmask(SIG_UNBLOCK, &one, nullptr);
        ::sigprocmask(SIG_BLOCK, &one, nullptr);
        ::kill(screen_, SIGCONT);
    }

    pid_t screen_;
    const std::string& reset_;
    const termios& before_;
    ScreenState& state_;
};

}  // namespace

MindedEnd mind(const std::string& reset, const std::function<int(ScreenState& state)>& screen) {
    termios before{};
    if (::tcgetattr(STDIN_FILENO, &before) != 0) sys::fail(errno, "read the modes of", "the terminal");
    // In the background (`sigmund top &`) this stops the process until it has the terminal (tty_ioctl(4), SIGTTOU).
    while (::tcsetattr(STDIN_FILENO, TCSANOW, &before) != 0)
        if (errno != EINTR) sys::fail(errno, "set the modes of", "the terminal");
    auto state = sys::Shared<ScreenState>::make();
    if (!state) sys::fail(errno, "share", "memory");
    sigset_t caught, mask;
    sigemptyset(&caught);
    for (const int signal :
         {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTOU, SIGTTIN, SIGCONT, SIGWINCH})
        sigaddset(&caught, signal);
    ::sigprocmask(SIG_BLOCK, &caught, &mask);
    for (const int signal : {SIGTSTP, SIGCHLD, SIGCONT})
        ::signal(signal, SIG_DFL);  // the caller may ignore them
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) sys::fail(errno, "fork", "the screen");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        return {true, ::getppid() == parent ? screen(*state) : 0, 0};
    }
    sigdelset(&caught, SIGWINCH);
    sigdelset(&caught, SIGTTOU);
    sigdelset(&caught, SIGTTIN);
    const MindedEnd end = Minder(child, reset, before, *state).wait(caught);
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    return end;
}

}  // namespace sigmund::top
