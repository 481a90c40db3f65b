// SPDX-License-Identifier: Apache-2.0
#include "ops/foreground.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "ops/wait.hpp"
#include "run/failure.hpp"
#include "sys/clock.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/refused_call.hpp"
#include "sys/rights.hpp"

namespace sigmund::ops {
namespace {

constexpr sys::Millis patience_after_int = 10'000,
                      patience_after_term = 2'500;  // ms between the first signal, SIGTERM and SIGKILL

// The pipe that signal handlers write to: 'c' for a child, else the number of a signal to pass on.
int wake[2] = {-1, -1};

void pass_on(int signal) {
    const char byte = static_cast<char>(signal);
    const int error = errno;
    (void)!::write(wake[1], &byte, 1);
    errno = error;
}

// The command in a process group of its own, which gets the terminal where there is one: Ctrl-C and Ctrl-Z
// reach the command, and when it stops this process stops with it.
class Foreground {
  public:
    // From here on, a signal that would end this process is passed on to the command, since cancelling a CI
    // job reaches only this process. A signal that was ignored stays ignored for both.
    explicit Foreground(const std::vector<std::string>& command) {
        for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP}) {
            struct sigaction action {};
            if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
            action = {};
            action.sa_handler = pass_on;
            ::sigaction(signal, &action, nullptr);  // execve(2) sets it back to the default for the command
        }
        terminal_.reset(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
        if (terminal_ && ::tcgetpgrp(terminal_.get()) != ::getpgrp()) terminal_.reset();
        ::signal(SIGTTOU, SIG_IGN);  // tcsetpgrp(3) from the background raises SIGTTOU
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) sys::fail(errno, "pipe");
        const sys::Fd answer(ends[0]);
        sys::Fd report(ends[1]);
        std::vector<char*> argv;
        argv.reserve(command.size() + 1);
        for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ < 0) sys::fail(errno, "fork");
        if (pid_ == 0) {
            ::setpgid(0, 0);
            if (terminal_) ::tcsetpgrp(terminal_.get(), ::getpid());
            ::signal(SIGTTOU, SIG_DFL);
            sys::access_files_as_before();
            if (const auto mask = sys::umask_to_restore()) ::umask(*mask);
            ::execvp(argv[0], argv.data());
            const int error = errno;
            (void)!::write(report.get(), &error, sizeof error);
            ::_exit(127);
        }
        ::setpgid(pid_, pid_);
        give_terminal();
        report.reset();
        int error = 0;
        if (::read(answer.get(), &error, sizeof error) == sizeof error) {
            ::waitpid(pid_, nullptr, 0);
            take_terminal();
            throw run::Failure(error == ENOENT ? run::Exit::not_installed : run::Exit::not_executable,
                               error == ENOENT ? "command_not_found" : "not_executable",
                               command[0] + (error == ENOENT && command[0].find('/') == std::string::npos
                                                 ? ": command not found"
                                                 : ": " + std::string(sys::describe_errno(error))));
        }
    }
    Foreground(const Foreground&) = delete;
    Foreground& operator=(const Foreground&) = delete;
    ~Foreground() { take_terminal(); }

    void send(int signal) const {
        ::kill(-pid_, signal);  // the leader is our child and not reaped yet, so this number is still its own
        ::kill(-pid_, SIGCONT);
    }
    // Returns how the command ended, if it has. When it stops, this process stops, too, and continues it
    // afterwards.
    std::optional<sys::ExitStatus> ended() {
        for (;;) {
            siginfo_t info{};
            if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WSTOPPED | WNOHANG) != 0 ||
                info.si_pid == 0)
                return std::nullopt;
            if (info.si_code != CLD_STOPPED) return sys::ExitStatus::from(info);
            take_terminal();
            ::raise(SIGSTOP);
            give_terminal();
            ::kill(-pid_, SIGCONT);
        }
    }

  private:
    void give_terminal() const {
        if (terminal_) ::tcsetpgrp(terminal_.get(), pid_);
    }
    void take_terminal() const {
        if (terminal_) ::tcsetpgrp(terminal_.get(), ::getpgrp());
    }
    sys::Fd terminal_;
    pid_t pid_ = 0;
};

}  // namespace

GuardOutcome run_guarded(const run::View& view, const std::vector<run::Judged>& runs,
                         const std::vector<std::string>& command,
                         const std::function<void(std::size_t, bool)>& tell) {
    std::vector<EndWatch> watches;
    watches.reserve(runs.size());
    GuardOutcome out;
    for (const run::Judged& run : runs) watches.emplace_back(view, run, run::Until::leader);
    for (std::size_t i = 0; i < watches.size(); ++i)
        if (watches[i].over()) {
            tell(i, false);
            out.ended = i;
            out.run_status = watches[i].end().status;
            return out;
        }
    // SIGCHLD reports stops, too, which a pidfd does not.
    if (::pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0) sys::fail(errno, "pipe");
    struct sigaction action {};
    action.sa_handler = [](int) { pass_on('c'); };
    ::sigaction(SIGCHLD, &action, nullptr);
    Foreground child(command);
    sys::Millis next_signal_at = -1;
    int next_signal = SIGTERM;
    for (;;) {
        if (const auto status = child.ended()) {
            out.status = *status;
            return out;
        }
        std::vector<pollfd> set{{wake[0], POLLIN, 0}};
        std::vector<std::size_t> owner{0};
        bool told = true;
        for (std::size_t i = 0; i < watches.size() && !out.ended; ++i) {
            told = told && watches[i].told();
            for (const int fd : watches[i].descriptors()) {
                set.push_back({fd, POLLIN, 0});
                owner.push_back(i);
            }
        }
        int pause = -1;
        if (next_signal_at >= 0)
            pause = static_cast<int>(std::max<sys::Millis>(0, next_signal_at - sys::monotonic_ms()));
        ::poll(set.data(), set.size(), told ? pause : sys::pause_between_looks(pause));
        char drained[64];
        for (ssize_t n = 0; (n = ::read(wake[0], drained, sizeof drained)) > 0;)
            for (const char byte : std::string_view(drained, static_cast<std::size_t>(n)))
                if (byte != 'c') child.send(out.passed_on = static_cast<unsigned char>(byte));
        const auto look_at = [&](std::size_t run) {
            if (out.ended || !watches[run].check()) return;
            out.ended = run;
            out.run_status = watches[run].end().status;
            tell(run, true);
            child.send(SIGINT);
            next_signal_at = sys::monotonic_ms() + patience_after_int;
        };
        for (std::size_t i = 1; i < set.size(); ++i)
            if (set[i].revents != 0) look_at(owner[i]);
        for (std::size_t i = 0; i < watches.size() && !told; ++i)
            if (!watches[i].told()) look_at(i);
        if (next_signal_at >= 0 && sys::monotonic_ms() >= next_signal_at) {
            child.send(next_signal);
            next_signal = SIGKILL;
            next_signal_at = sys::monotonic_ms() + patience_after_term;
        }
    }
}

}  // namespace sigmund::ops
