// SPDX-License-Identifier: Apache-2.0
#include "guard/aide.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "sys/child_end.hpp"
#include "sys/children.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/poll.hpp"
#include "sys/process.hpp"

namespace sigmund::guard {

pid_t Aides::start(const std::vector<int>& keep, const Chore& chore, Done done, Serves serves) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return 0;
    sys::Fd theirs(ends[0]), ours(ends[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return 0;
    if (pid == 0) {
        std::set_new_handler(nullptr);  // without memory the work has failed
        ::setsid();
        ::prctl(PR_SET_NAME, aide_name, 0, 0, 0);
        ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        int status = 125;
        try {  // no exception may pass: this copy of the guardian would continue its loop
            std::vector<int> open(keep);
            std::sort(open.begin(), open.end());
            sys::close_descriptors(open.data(), open.size(), theirs.get());
            status = chore(theirs.get());
        } catch (...) {
            // Out of memory, the work has failed.
        }
        end_children();
        ::_exit(status);
    }
    aides_.push_back({pid, std::move(ours), std::move(done), serves});
    return pid;
}

void Aides::dismiss(pid_t pid) {
    for (Aide& aide : aides_)
        if (aide.pid == pid) {
            aide.lifeline.reset();
            aide.done = nullptr;
        }
}

void Aides::dismiss_all() {
    for (Aide& aide : aides_) {
        if (aide.serves != Serves::this_life) continue;
        aide.lifeline.reset();
        aide.done = nullptr;
    }
}

bool Aides::owns(pid_t pid) const noexcept {
    return std::any_of(aides_.begin(), aides_.end(), [&](const Aide& aide) { return aide.pid == pid; });
}

void Aides::reaped(pid_t pid, const sys::ExitStatus& status) {
    const auto found =
        std::find_if(aides_.begin(), aides_.end(), [&](const Aide& a) { return a.pid == pid; });
    if (found == aides_.end()) return;
    const Done done = std::move(found->done);
    aides_.erase(found);  // before the call, because `done` may start another aide
    if (done) done(status);
}

int run_shell(const sys::SpawnPlan& shape, const ShellCommand& command, int lifeline) {
    const auto plan = shape.with_command({"/bin/sh", "-c", command.text});
    for (const auto& [name, value] : command.variables) plan->set_environment(name, value);
    const sys::Fd cwd(::open(command.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!cwd) {  // a command meant for that folder must not run in another
        const std::string line = "sigmund: cannot enter " + command.cwd + ": " + sys::describe_errno(errno) +
                                 "; this was not run: " + command.text + '\n';
        if (shape.stderr_fd >= 0) sys::write_all(shape.stderr_fd, line);
        return 125;
    }
    plan->cwd_fd = cwd.get();
    return run_to_end(*plan, command.timeout, lifeline);
}

int run_to_end(const sys::SpawnPlan& command, Millis timeout, int lifeline) {
    const pid_t pid = ::fork();
    if (pid < 0) return 125;
    if (pid == 0) command.become(-1);
    return await_child(pid, timeout, lifeline);
}

int await_child(pid_t pid, Millis timeout, int lifeline) {
    const sys::ChildEnd end(pid);
    const Millis until = timeout < 0 ? -1 : sys::monotonic_ms() + timeout;
    int status = 124;
    for (;;) {
        pollfd set[] = {{end.descriptor(), POLLIN, 0}, {lifeline, POLLIN, 0}};
        const Millis left = until < 0 ? -1 : std::clamp<Millis>(until - sys::monotonic_ms(), 0, 1 << 30);
        const int ready = sys::poll_any(set, end.pause(static_cast<int>(left)));
        if (ready < 0 && errno == EINTR) continue;
        if (end.reached()) {
            siginfo_t info{};
            ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | __WALL);
            status = sys::ExitStatus::from(info).shell_code();
            break;
        }
        if (ready > 0) status = 125;
        if (ready != 0 || left == 0) break;
    }
    end_children();
    return status;
}

void end_children() noexcept {
    for (;;) {
        sys::kill_children();
        siginfo_t info;
        pid_t reaped;
        while ((reaped = sys::reap_child(info)) > 0) {
        }
        if (reaped < 0) return;
        ::usleep(200);  // the killed processes end meanwhile; the next pass finds what they have forked
    }
}

}  // namespace sigmund::guard
