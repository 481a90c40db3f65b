// SPDX-License-Identifier: Apache-2.0
// `shell-exit`: is called by the hook when its shell exits. It asks, and carries out the answer. The stopping
// happens in a process of its own, so that a closing terminal cannot interrupt it.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/shell_policy.hpp"
#include "ops/exit_prompt.hpp"
#include "ops/exit_terminal.hpp"
#include "ops/shell_runs.hpp"
#include "ops/stop.hpp"
#include "sys/file.hpp"
#include "sys/spawn.hpp"
#include "sys/terminal.hpp"

namespace sigmund::cli {
namespace {

constexpr sys::Millis progress_patience = 60'000;  // ms; the stopping continues even after that
constexpr int hint_after = 1000;                   // ms

// Stops all of them in a process with a session of its own, so that the end of the terminal does not reach
// it. That process writes one byte to the pipe `report` for each run.
pid_t stop_in_background(const run::View& view, const std::vector<run::Judged>& runs, sys::Fd& report) {
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
    try {
        for (const auto& outcome : ops::stop(view, runs, {.reason = run::EndedBy::shell_exit})) {
            ops::drop_notice(view.store(), outcome.record);
            (void)!::write(out.get(), outcome.exit == run::Exit::done ? "." : "!", 1);
        }
    } catch (...) {
        // `list` shows what is left.
    }
    ::_exit(0);
}

// Waits for the reports and prints the progress. After Ctrl-C the stopping continues in the background.
void tell_progress(int terminal, int report, std::size_t count) {
    const std::string what = count == 1 ? "1 run" : std::to_string(count) + " runs";
    if (terminal >= 0) sys::write_all(terminal, "stopping " + what + "...");
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
    if (failed > 0) text += std::to_string(failed) + " could not be stopped; see: sigmund list\n";
    if (stopped + failed < count) text = "\nstill stopping in the background; see: sigmund list\n";
    sys::write_all(terminal, text);
}

}  // namespace

int cmd_shell_exit(const Args& args) {
    const std::string shell = args.value("id").value_or("");
    const run::View view(run::Store::open());
    std::vector<run::Judged> runs = ops::live_runs_of_shell(view, shell);
    if (runs.empty()) {
        ops::take_ended_runs(view.store(), shell);
        return 0;
    }
    const sys::Fd terminal = ops::terminal_to_ask();
    const ops::ExitAnswer answer = ops::ask_on_exit(runs, exit_policy(), terminal.get(), shell);
    // When the shell was killed during the question, the terminal belongs to another one.
    const int tty = terminal && ops::in_foreground(terminal.get()) ? terminal.get() : -1;
    const auto kept = [&](std::size_t count) {
        if (tty >= 0) sys::write_all(tty, "kept " + std::to_string(count) + "; see: sigmund list\n");
    };
    if (answer.choice == ops::ExitChoice::leave) {
        kept(runs.size());
        return 0;
    }
    std::vector<run::Judged> to_stop;
    std::vector<run::Record> to_keep;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        run::Record now;
        const bool readable = view.store().read(runs[i].record.id, run::Depth::head, now) == run::Read::ok;
        if (readable && run::owner_of(now) != shell)
            continue;  // another shell has adopted it in the meantime
        if (std::find(answer.chosen.begin(), answer.chosen.end(), i) != answer.chosen.end()) {
            // A person was asked in the meantime, which may have taken long.
            view.look_again(runs[i]);
            to_stop.push_back(runs[i]);
        } else {
            to_keep.push_back(runs[i].record);
        }
    }
    ops::release_from_shell(view.store(), to_keep);
    if (!to_stop.empty()) {
        sys::Fd report;
        const pid_t stopper = stop_in_background(view, to_stop, report);
        if (stopper < 0) {
            ops::stop(view, to_stop, {});
        } else {
            ::waitpid(stopper, nullptr, 0);
            tell_progress(tty, report.get(), to_stop.size());
        }
    }
    if (!to_keep.empty()) kept(to_keep.size());
    return 0;
}

}  // namespace sigmund::cli
