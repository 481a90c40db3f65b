// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_stop.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ops/shell_runs.hpp"
#include "ops/stop.hpp"
#include "sys/clock.hpp"
#include "sys/fd.hpp"
#include "sys/file.hpp"
#include "sys/terminal.hpp"

namespace sigmund::cli {
namespace {

constexpr sys::Millis progress_patience = 60'000;  // ms; the stopping continues even after that
constexpr int hint_after = 1000;                   // ms

// Stops the runs of one store, and writes one byte to the pipe for each of them.
void stop_part(const RunsInStore& part, int report) noexcept {
    try {
        for (const auto& outcome : ops::stop(*part.view, part.runs, {.reason = run::EndedBy::shell_exit})) {
            ops::drop_notice(part.view->store(), outcome.record);
            (void)!::write(report, outcome.exit == run::Exit::done ? "." : "!", 1);
        }
    } catch (...) {
        // `list` shows what is left.
    }
}

// Stops all of them in a process with a session of its own, so that the end of the terminal does not reach it. For
// each further store there is a process more, so that none waits for another. They write to the pipe `report`.
pid_t stop_in_background(const std::vector<RunsInStore>& parts, sys::Fd& report) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
    report.reset(ends[0]);
    const sys::Fd out(ends[1]);
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::setsid();
    for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGPIPE}) ::signal(signal, SIG_IGN);
    // The stopping process is not a child of the shell, so a process that waits for all children does not wait for it.
    if (::fork() != 0) ::_exit(0);
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd <= 2; ++fd) ::dup2(null, fd);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const pid_t one = ::fork();
        if (one <= 0) stop_part(parts[i], out.get());  // without a process more, it is done here
        if (one == 0) ::_exit(0);
    }
    stop_part(parts[0], out.get());
    ::_exit(0);
}

// Waits for the reports and prints the progress. After Ctrl-C the stopping continues in the background.
void tell_progress(int terminal, int report, std::size_t count, const std::string& list) {
    const std::string what = count == 1 ? "1 run" : std::to_string(count) + " runs";
    if (terminal >= 0) sys::write_all(terminal, "\rstopping " + what + "...");
    const std::string hint = " (Ctrl-C: continue in the background)";
    // The hint is shown only where it fits into the line, which is overwritten at the end.
    bool hinted = terminal < 0 || sys::terminal_size(terminal).columns < 80;
    std::size_t stopped = 0, failed = 0, blanks = 20;
    const sys::Millis until = sys::monotonic_ms() + progress_patience;
    for (;;) {
        pollfd set{report, POLLIN, 0};
        const sys::Millis left = until - sys::monotonic_ms();
        const int ready = left <= 0 ? -1 : ::poll(&set, 1, static_cast<int>(hinted ? left : hint_after));
        if (ready == 0 && !hinted) {
            sys::write_all(terminal, hint);
            hinted = true;
            blanks += hint.size();
            continue;
        }
        if (ready <= 0) break;
        char answers[64];
        const ssize_t n = ::read(report, answers, sizeof answers);
        if (n <= 0) break;
        for (ssize_t i = 0; i < n; ++i) ++(answers[i] == '.' ? stopped : failed);
    }
    if (terminal < 0) return;
    std::string text = "\rstopped " + std::to_string(stopped) + std::string(blanks, ' ') + '\n';
    if (failed > 0) text += std::to_string(failed) + " could not be stopped; see: " + list + '\n';
    if (stopped + failed < count) text = "\nstill stopping in the background; see: " + list + '\n';
    sys::write_all(terminal, text);
}

}  // namespace

void stop_at_exit(const std::vector<RunsInStore>& parts, int terminal, const std::string& list) {
    std::size_t count = 0;
    for (const RunsInStore& part : parts) count += part.runs.size();
    if (count == 0) return;
    sys::Fd report;
    const pid_t stopper = stop_in_background(parts, report);
    if (stopper < 0) {
        for (const RunsInStore& part : parts) ops::stop(*part.view, part.runs, {});
    } else {
        ::waitpid(stopper, nullptr, 0);
        tell_progress(terminal, report.get(), count, list);
    }
}

}  // namespace sigmund::cli
