// SPDX-License-Identifier: Apache-2.0
// Starts: leaders are forked and wait at gates until the record knows them; then they are let through.
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "guard/guardian.hpp"
#include "guard/log_heir.hpp"
#include "sys/children.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/lock.hpp"
#include "sys/own_file.hpp"

namespace sigmund::guard {

using sys::SpawnError;
using sys::SpawnStage;

namespace {
constexpr std::size_t results_kept = 8;

// ask: what a leader has reported at its gate before it ended. Nothing when it has executed its command or
// was killed. What was sent before a socket's other end was closed can still be read (unix(7)).
std::optional<SpawnError> report_at(int gate, int flags) {
    SpawnError report{};
    ssize_t n;
    do n = ::recv(gate, &report, sizeof report, MSG_WAITALL | flags);
    while (n < 0 && errno == EINTR);
    if (n != static_cast<ssize_t>(sizeof report)) return std::nullopt;
    return report;
}

}  // namespace

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
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return {SpawnStage::process, errno};
    gate.fd.reset(pair[0]);
    sys::Fd child_gate(pair[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return {SpawnStage::process, errno};
    if (pid == 0) command.become(child_gate.get());
    sys::Fd pidfd = sys::open_pidfd(pid);
    const int error = pidfd ? 0 : errno;  // without one nobody could signal it safely
    member.life.leaders.push_back({pid, std::move(pidfd), {}, false, false});
    return {SpawnStage::process, error};
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
            if (::pipe2(ends, O_CLOEXEC) != 0) return {SpawnStage::process, errno};
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
    const int why = identity ? 0 : errno;
    // Without these nobody could prove later who it is: then it must not run.
    if (!identity || identity->boot_id.empty() || identity->pid_ns == 0 || identity->start_ticks == 0) {
        // Either it has ended, mostly with a report on why, or it waits and this process could not look: no
        // descriptor, no memory, no /proc.
        if (const auto reported = report_at(gates[0].fd.get(), MSG_DONTWAIT)) return *reported;
        return {SpawnStage::process, identity ? EIO : why == ESRCH ? ECHILD : why};
    }
    record.identity = *identity;
    return {SpawnStage::exec, 0};
}

// Lets the leaders through, and waits until each has executed its command or could not: `part` could not.
SpawnError Guardian::release(Member& member, std::vector<Gate>& gates, int& part) {
    SpawnError failed{SpawnStage::exec, 0};
    const auto fail = [&](SpawnError error, const Gate& gate) {
        failed = error;
        part = static_cast<int>(gate.leader);
    };
    std::vector<int> unsent(gates.size());
    for (std::size_t i = 0; i < gates.size(); ++i) {
        ssize_t n;
        do n = ::send(gates[i].fd.get(), "g", 1, MSG_NOSIGNAL);
        while (n < 0 && errno == EINTR);
        if (n == 1) continue;
        // It has ended before its turn. If it waits after all, it sees the end of the gate and leaves.
        unsent[i] = errno;
        ::shutdown(gates[i].fd.get(), SHUT_WR);
    }
    // The report of a leader says more than what became of the byte that was sent to it: it comes first.
    for (const Gate& gate : gates)
        if (const auto reported = report_at(gate.fd.get(), 0); reported && failed.error == 0)
            fail(*reported, gate);
    for (std::size_t i = 0; i < gates.size(); ++i)
        if (unsent[i] != 0 && failed.error == 0) fail({SpawnStage::process, unsent[i]}, gates[i]);
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
        leave_heir(*pump_, "sigmund: log of " + plan_.record.id);
    }
    std::vector<std::vector<Gate>> gates(members_.size());
    for (std::size_t i = 0; i < members_.size(); ++i) {
        const SpawnError error = fork_leaders(members_[i], gates[i]);
        if (error.error == 0) continue;
        gates.clear();  // who waits leaves without having executed anything
        fail_start(error.stage == SpawnStage::process, error);
    }
    plan_.record.state = run::State::starting;
    if (const int unwritten = write_down(sys::Durable::yes, run::record_limit - run::record_growth);
        unwritten != 0) {
        gates.clear();
        fail_start(true, {SpawnStage::process, unwritten});
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
        int part = 0;
        const SpawnError error = release(members_[i], gates[i], part);
        if (error.error != 0) {
            gates.clear();
            fail_start(error.stage == SpawnStage::process, error, part);
        }
        members_[i].state =
            step(members_[i].state, {EventKind::executed}, sys::monotonic_ms(), plan_.policy).state;
    }
    write_pid_file();
    make_sources();  // they have words in the record
    fill_record();
    const sys::Fd written = plan_.store.save_unsynced(plan_.record);
    if (written) remember_written();  // before the answer: from then on others may touch it
    const StartReply reply{true, false, SpawnStage::exec, 0, 0, plan_.record.pid};
    (void)!::write(plan_.reply.get(), &reply, sizeof reply);
    plan_.reply.reset();
    ::sched_yield();  // the launcher waits on this processor
    if (written)
        ::fsync(written.get());  // not before the answer; the identity is on the disk already
    else
        retry_later();
}

// What a life needs opened, by its path: a folder or a file that was swapped in between is the new one.
SpawnError Guardian::open_files_again() {
    if (!plan_.stdin_path.empty()) {
        sys::InputProblem problem;
        sys::Input input = sys::open_input(plan_.stdin_path, problem);
        if (problem != sys::InputProblem::none) return {SpawnStage::descriptors, errno};
        plan_.stdin_file = std::move(input.read);
        hold_input(input);
    }
    plan_.cwd.reset(::open(plan_.record.cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!plan_.cwd) return {SpawnStage::directory, errno};
    plan_.commands[0]->stdin_fd = plan_.stdin_file.get();
    for (const auto& command : plan_.commands) command->cwd_fd = plan_.cwd.get();
    return {};
}

// A log that somebody has removed or moved away is made again, under the same descriptor, which the commands'
// plans name. A log that cannot be made leaves the command with the removed one: it starts all the same.
void Guardian::make_logs_again() {
    const run::Record& r = plan_.record;
    const auto make = [&](const sys::Fd& log, int dir, const std::string& name) {
        struct stat st {};
        if (!log || ::fstat(log.get(), &st) != 0 || !S_ISREG(st.st_mode) ||
            sys::still_named(log.get(), dir, name.c_str()))
            return;
        const sys::Fd again = sys::open_or_create_own(dir, name.c_str(), O_WRONLY | O_APPEND);
        if (!again || ::dup3(again.get(), log.get(), O_CLOEXEC) < 0)
            note("the log was removed and cannot be made again: " + sys::describe_errno(errno));
        else
            note("the log was removed while the run lived; this is a new one");
    };
    const int store = plan_.store.dir();
    if (r.log_external)
        make(plan_.log, AT_FDCWD, r.log);
    else
        make(plan_.log, store, r.id + ".log");
    make(plan_.error_log, store, r.id + ".err");
    for (std::size_t i = 0; i < plan_.worker_logs.size(); ++i)
        make(plan_.worker_logs[i], store, run::worker_log(r.id, static_cast<int>(i)));
}

// Of the earlier lives, the newest last; the same failure again and again is one entry.
void Guardian::add_result(const run::Result& result) {
    std::vector<run::Result>& results = plan_.record.results;
    if (result == run::Result::launch && !results.empty() && results.back() == result) return;
    if (results.size() == results_kept) results.erase(results.begin());
    results.push_back(result);
}

// A stop that was made without this guardian, while it was frozen: the command is not started again.
bool Guardian::told_to_end() {
    const run::EndedBy word = plan_.store.word_left(plan_.record.id);
    if (word.empty()) return false;
    ::unlinkat(plan_.store.dir(), (plan_.record.id + ".stop").c_str(), 0);
    post(word == run::EndedBy::kill ? Event{.kind = EventKind::kill}
                                    : Event{.kind = EventKind::stop, .cause = Cause::stop});
    return true;
}

void Guardian::start_again(Member& member) {
    if (told_to_end()) return;
    if (look_first()) begin_life(member);
}

void Guardian::begin_life(Member& member) {
    // Urgency is not for a command to inherit, nor what it resets at a fork (niceness).
    be_urgent(false);
    SpawnError error = open_files_again();
    make_logs_again();
    end_output(member.worker);
    std::vector<Gate> gates;
    int part = 0;
    std::string object;
    if (error.stage == SpawnStage::descriptors) object = plan_.stdin_path;
    if (error.stage == SpawnStage::directory) object = plan_.record.cwd;
    if (error.error == 0) error = fork_leaders(member, gates);
    const std::string who = member.worker >= 0 ? "worker " + std::to_string(member.worker) + " " : "";
    const run::Result result = run::Result::of(member.state.status);
    const run::EndedBy ended_by = end_of(member.state.ended_by);
    const auto note_start = [&] {
        note(who + "starts again after " + result.str() + ", pid " +
             std::to_string(member.life.leaders[0].pid));
    };
    // Before the command writes anything; while it could not be executed, only once it has been.
    const bool in_doubt = !start_problem_.empty();
    if (error.error == 0) {
        if (!in_doubt) note_start();
        plan_.record.state = run::State::starting;
        write_down(sys::Durable::no);
        error = release(member, gates, part);
    }
    plan_.cwd.reset();
    plan_.stdin_file.reset();
    if (!std::exchange(member.end_noted, true)) {
        add_result(result);
        std::vector<run::Life>& lives = plan_.record.lives;
        if (lives.size() == run::lives_kept) lives.erase(lives.begin());
        lives.push_back({result, ended_by, member.state.leader_first, member.worker, sys::realtime_ms()});
    }
    if (error.error == 0) {
        member.end_noted = false;
        if (in_doubt) note_start();
        start_problem_.clear();
        ++member.state.restarts;
        if (members_.size() == 1) ledger_ = {};
        write_pid_file();
        posts_.push_back({&member, {EventKind::executed}});
        return;
    }
    if (error.stage == SpawnStage::exec && object.empty())
        object = plan_.commands[static_cast<std::size_t>(part)]->command();
    gates.clear();
    not_started_again(member, who, {error, std::move(object)});
}

// The machine decides whether it is tried once more.
void Guardian::not_started_again(Member& member, const std::string& who, SpawnFailure failure) {
    const SpawnError error = failure.error;
    if (!failure.object.empty()) failure.object += ": ";
    std::string problem = failure.object + sys::describe_errno(error.error);
    // Once, however often it is tried: what lasts must not fill the log.
    if (problem != start_problem_) note(who + "cannot be started again: " + problem);
    start_problem_ = std::move(problem);
    add_result(run::Result::not_executed(error.error));
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
    const int error = sys::replace_file(AT_FDCWD, path.c_str(), aside.c_str(),
                                        std::to_string(plan_.record.pid) + '\n', sys::Durable::no, 0644);
    if (error != 0) note("the pid file " + path + " cannot be written: " + sys::describe_errno(error));
}

}  // namespace sigmund::guard
