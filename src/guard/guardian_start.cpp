// SPDX-License-Identifier: Apache-2.0
// Starts: leaders are forked and wait at gates until the record knows them; then they are let through.
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "guard/guardian.hpp"
#include "sys/children.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"

namespace sigmund::guard {

using sys::SpawnError;
using sys::SpawnStage;

namespace {
constexpr std::size_t results_kept = 8;
}

// Nothing may be left of a start that failed: tell the launcher, end.
void Guardian::fail_start(bool own_fault, SpawnError error, int part) {
    end_children();
    for (std::size_t i = 0; i < plan_.worker_logs.size(); ++i)
        ::unlinkat(plan_.store.dir(), run::worker_log(plan_.record.id, static_cast<int>(i)).c_str(), 0);
    plan_.store.remove(plan_.record.id);
    plan_.store.unlock_name(plan_.record.name, std::move(plan_.name_lock));
    const StartReply reply{false, own_fault, error.stage, error.error, part, 0};
    (void)!::write(plan_.reply.get(), &reply, sizeof reply);
    ::_exit(125);
}

SpawnError Guardian::fork_leader(Member& member, sys::SpawnPlan& command, Gate& gate) {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return {SpawnStage::session, errno};
    gate.fd.reset(pair[0]);
    sys::Fd child_gate(pair[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return {SpawnStage::session, errno};
    if (pid == 0) command.become(child_gate.get());
    sys::Fd pidfd = sys::open_pidfd(pid);
    const int error = pidfd ? 0 : errno;  // without one nobody could signal it safely
    member.life.leaders.push_back({pid, std::move(pidfd), {}, false, false});
    return {SpawnStage::session, error};
}

// One leader, or of a pipe one a stage, joined by pipes. An error leaves what was forked to its gates' end.
SpawnError Guardian::fork_leaders(Member& member, std::vector<Gate>& gates) {
    member.life = {};
    mark_log();
    sys::Fd input;  // of a pipe: what the stage before writes into
    const std::size_t count = plan_.commands.size();
    for (std::size_t i = 0; i < count; ++i) {
        sys::SpawnPlan& command = *plan_.commands[i];
        const int stdin_fd = command.stdin_fd, stdout_fd = command.stdout_fd, stderr_fd = command.stderr_fd;
        sys::Fd output, next_input;
        if (i > 0) command.stdin_fd = input.get();
        if (i + 1 < count) {
            int ends[2];
            if (::pipe2(ends, O_CLOEXEC) != 0) return {SpawnStage::session, errno};
            next_input.reset(ends[0]);
            output.reset(ends[1]);
            command.stdout_fd = output.get();
        }
        if (member.worker >= 0) {
            command.set_environment("WORKER_ID", std::to_string(member.worker));
            const auto worker = static_cast<std::size_t>(member.worker);
            if (worker < plan_.worker_logs.size())
                command.stdout_fd = command.stderr_fd = plan_.worker_logs[worker].get();
        }
        Gate gate{i, sys::Fd()};
        const SpawnError error = fork_leader(member, command, gate);
        command.stdin_fd = stdin_fd;
        command.stdout_fd = stdout_fd;
        command.stderr_fd = stderr_fd;
        if (error.error != 0) return error;
        gates.push_back(std::move(gate));
        input = std::move(next_input);
    }
    if (member.worker > 0) return {SpawnStage::exec, 0};  // what the record names is the first worker
    run::Record& record = plan_.record;
    const Leader& first = member.life.leaders[0];
    record.pid = record.pgid = record.sid = first.pid;
    const auto identity = sys::identify(first.pid, first.pidfd.get());
    if (!identity) {
        // Either it is gone (of a folder it may not enter its word is in the gate, else it was killed), or it
        // waits and this process could not look: no descriptor, no memory.
        const int why = errno;
        SpawnError word{SpawnStage::session, why == ESRCH ? ECHILD : why};
        (void)!::recv(gates[0].fd.get(), &word, sizeof word, MSG_DONTWAIT);
        return word;
    }
    // Without these nobody could prove later who it is: then it must not run.
    if (identity->boot_id.empty() || identity->pid_ns == 0 || identity->start_ticks == 0)
        return {SpawnStage::session, EIO};
    record.identity = *identity;
    return {SpawnStage::exec, 0};
}

// Lets the leaders through, and waits until each has executed its command or could not: `part` could not.
SpawnError Guardian::release(Member& member, std::vector<Gate>& gates, int& part) {
    SpawnError failed{SpawnStage::exec, 0};
    for (const Gate& gate : gates) {
        ssize_t n;
        do n = ::send(gate.fd.get(), "g", 1, MSG_NOSIGNAL);
        while (n < 0 && errno == EINTR);
        if (n == 1) continue;
        // Gone before its turn, with a word on why or without. If it waits after all, it sees the end and
        // leaves.
        failed = {SpawnStage::session, errno};
        part = static_cast<int>(gate.leader);
        ::shutdown(gate.fd.get(), SHUT_WR);
    }
    for (const Gate& gate : gates) {
        SpawnError word{};
        ssize_t n;
        do n = ::recv(gate.fd.get(), &word, sizeof word, MSG_WAITALL);
        while (n < 0 && errno == EINTR);
        if (n != static_cast<ssize_t>(sizeof word) || failed.error != 0) continue;
        failed = word;
        part = static_cast<int>(gate.leader);
    }
    gates.clear();
    if (failed.error == 0 && member.worker <= 0) {
        // Before the exec it was sigmund's own; it may have ended already, then that is all there is.
        const sys::FileId exe = sys::Procfs().exe(member.life.leaders[0].pid);
        if (exe.known()) plan_.record.identity.exe = exe;
    }
    return failed;
}

void Guardian::start_first() {
    if (pump_) {
        if (plan_.workers > 0)
            for (std::size_t i = 0; i < members_.size(); ++i) {
                const int fd = pump_->add_stream(std::to_string(i) + " | ");
                plan_.worker_logs.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
            }
        // Of a pool this one is for checks and --on-exit: the log itself changes under a rotation.
        for (const auto& command : plan_.commands)
            command->stdout_fd = command->stderr_fd = pump_->add_stream("");
    }
    std::vector<std::vector<Gate>> gates(members_.size());
    for (std::size_t i = 0; i < members_.size(); ++i) {
        const SpawnError error = fork_leaders(members_[i], gates[i]);
        if (error.error == 0) continue;
        gates.clear();  // who waits leaves without having executed anything
        fail_start(error.stage == SpawnStage::session, error);
    }
    plan_.record.state = run::State::starting;
    if (const int error = plan_.store.save(plan_.record, sys::Durable::yes); error != 0) {
        gates.clear();
        fail_start(true, {SpawnStage::session, error});
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
        int part = 0;
        const SpawnError error = release(members_[i], gates[i], part);
        if (error.error != 0) {
            gates.clear();
            fail_start(error.stage == SpawnStage::session, error, part);
        }
        members_[i].state =
            step(members_[i].state, {EventKind::executed}, sys::monotonic_ms(), plan_.policy).state;
    }
    write_pid_file();
    make_sources();  // they have words in the record
    fill_record();
    const sys::Fd written = plan_.store.save_unsynced(plan_.record);
    const StartReply reply{true, false, SpawnStage::exec, 0, 0, plan_.record.pid};
    (void)!::write(plan_.reply.get(), &reply, sizeof reply);
    plan_.reply.reset();
    ::sched_yield();  // the launcher waits on this processor
    if (written)
        ::fsync(written.get());  // not before the answer; the identity is on the disk already
    else
        retry_later();
}

SpawnError Guardian::open_files_again() {
    if (!plan_.stdin_path.empty()) {
        // A guardian never waits for the other end of a FIFO: the command reads what those who write by then
        // have for it, and where nobody does the end.
        plan_.stdin_file.reset(
            ::open(plan_.stdin_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
        if (!plan_.stdin_file || ::fcntl(plan_.stdin_file.get(), F_SETFL, 0) != 0)
            return {SpawnStage::descriptors, errno};
    }
    plan_.cwd.reset(::open(plan_.record.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!plan_.cwd) return {SpawnStage::directory, errno};
    plan_.commands[0]->stdin_fd = plan_.stdin_file.get();
    for (const auto& command : plan_.commands) command->cwd_fd = plan_.cwd.get();
    return {};
}

// A stop that was made without this guardian, while it was frozen: the command is not started again.
bool Guardian::told_to_end() {
    const std::string word = plan_.store.word_left(plan_.record.id);
    if (word.empty()) return false;
    ::unlinkat(plan_.store.dir(), (plan_.record.id + ".stop").c_str(), 0);
    post(word == "kill" ? Event{.kind = EventKind::kill}
                        : Event{.kind = EventKind::stop, .cause = Cause::stop});
    return true;
}

void Guardian::start_again(Member& member) {
    if (told_to_end()) return;
    // Urgency is not for a command to inherit, nor what it resets at a fork (niceness).
    be_urgent(false);
    SpawnError error = open_files_again();
    end_output(member.worker);
    std::vector<Gate> gates;
    int part = 0;
    if (error.error == 0) error = fork_leaders(member, gates);
    const std::string who = member.worker >= 0 ? "worker " + std::to_string(member.worker) + " " : "";
    const std::string result = run::result_of(member.state.status);
    if (error.error == 0) {
        note(who + "starts again after " + result + ", pid " + std::to_string(member.life.leaders[0].pid));
        plan_.record.state = run::State::starting;
        plan_.store.save_unsynced(plan_.record);
        error = release(member, gates, part);
    }
    plan_.cwd.reset();
    plan_.stdin_file.reset();
    if (error.error == 0) {
        ++member.state.restarts;
        if (members_.size() == 1) ledger_ = {};
        write_pid_file();
        std::vector<std::string>& results = plan_.record.results;
        if (results.size() == results_kept) results.erase(results.begin());
        results.push_back(result);
        posts_.push_back({&member, {EventKind::executed}});
        return;
    }
    std::string what;
    if (error.stage == SpawnStage::descriptors) what = plan_.stdin_path;
    if (error.stage == SpawnStage::directory) what = plan_.record.cwd;
    if (!what.empty()) what += ": ";
    note(who + "cannot be started again: " + what + sys::describe_errno(error.error));
    gates.clear();
    const MemberScope scope(member, aides_);
    kill_pass(scope, {});  // of a pipe: the stages that could
    for (Leader& leader : member.life.leaders) ::waitpid(leader.pid, nullptr, __WALL);
    member.life = {};
    posts_.push_back({&member, {.kind = EventKind::not_executed, .error = error.error}});
}

// Whole or not at all, and there before the start is answered.
void Guardian::write_pid_file() {
    if (!plan_.extras || plan_.extras->pid_file.empty()) return;
    const std::string& path = plan_.extras->pid_file;
    const std::string aside = path + "." + plan_.record.id;
    sys::replace_file(AT_FDCWD, path.c_str(), aside.c_str(), std::to_string(plan_.record.pid) + '\n',
                      sys::Durable::no, 0644);
}

}  // namespace sigmund::guard
