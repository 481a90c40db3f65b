// SPDX-License-Identifier: Apache-2.0
#include "guard/starter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "guard/shared_start.hpp"
#include "sys/error.hpp"

namespace sigmund::guard {

using sys::SpawnError;
using sys::SpawnStage;

Starter::Starter(StartPlan plan, Lives& lives, Keeper& keeper, Aides& aides)
    : plan_(std::move(plan)),
      look_(plan_.ready, *plan_.commands[0], lives, keeper, aides),
      lives_(lives),
      keeper_(keeper),
      aides_(aides) {}

void Starter::set_variable(const std::string& name, const std::string& value) {
    for (const auto& command : plan_.commands) command->set_environment(name, value);
}

void Starter::forget_first(bool once) {
    if (once)
        for (const int fd : command().keep_fds) ::close(fd);
    plan_.cwd.reset();
    plan_.stdin_file.reset();
}

// Forks one leader with the ends of the pipes that join it to its neighbours (-1: none).
SpawnError Starter::fork_stage(std::size_t stage, const Member& member, int input, int output, Life& life,
                               Gates& gates) {
    sys::SpawnPlan& command = *plan_.commands[stage];
    const int stdin_fd = command.stdin_fd, stdout_fd = command.stdout_fd, stderr_fd = command.stderr_fd;
    if (input >= 0) command.stdin_fd = input;
    if (output >= 0) command.stdout_fd = output;
    if (member.worker >= 0) {
        command.set_environment("WORKER_ID", std::to_string(member.worker));
        if (const int port = keeper_.record().port; port != 0)
            command.set_environment(run::port_variable, std::to_string(port + member.worker));
        if (const int log = keeper_.log().worker_fd(member.worker); log >= 0)
            command.stdout_fd = command.stderr_fd = log;
    }
    if (Console* console = keeper_.log().console()) {
        const int terminal = console->open(member.worker);
        if (terminal < 0) return {SpawnStage::terminal, errno};
        command.stdin_fd = command.stdout_fd = command.stderr_fd = terminal;
    }
    const SpawnError error = gates.fork(command, life);
    command.stdin_fd = stdin_fd;
    command.stdout_fd = stdout_fd;
    command.stderr_fd = stderr_fd;
    return error;
}

// Forks one leader, or one for each stage of a pipe. After an error, the forked ones wait for the end of
// their gates.
SpawnError Starter::fork_leaders(Member& member, Gates& gates) {
    member.life = {};
    keeper_.log().mark_starts();
    sys::Fd input;  // receives what the previous stage writes
    const std::size_t count = plan_.commands.size();
    for (std::size_t i = 0; i < count; ++i) {
        sys::Fd output, next_input;
        if (i + 1 < count) {
            int ends[2];
            if (::pipe2(ends, O_CLOEXEC) != 0) return {SpawnStage::process, errno};
            next_input.reset(ends[0]);
            output.reset(ends[1]);
        }
        const SpawnError error = fork_stage(i, member, input.get(), output.get(), member.life, gates);
        if (error.error != 0) return error;
        input = std::move(next_input);
    }
    if (member.worker > 0) return {SpawnStage::exec, 0};  // the record names the first worker
    return identify_first(member, gates);
}

SpawnError Starter::identify_first(const Member& member, const Gates& gates) {
    const Leader& first = member.life.leaders[0];
    const sys::Fd pidfd = sys::open_pidfd(first.pid);
    const auto identity = pidfd ? sys::identify(first.pid, pidfd.get()) : std::nullopt;
    const int why = identity ? 0 : errno;
    if (identity && !identity->boot_id.empty() && identity->pid_ns != 0 && identity->start_ticks != 0) {
        keeper_.leader_forked(*identity);
        return {SpawnStage::exec, 0};
    }
    // Without an identity no process could prove later which process it is, so it must not run. Either it has
    // ended, mostly with a report on the reason, or it waits and this process could not find out: there was
    // no descriptor, no memory or no /proc.
    if (const auto reported = gates.reported(0)) return *reported;
    return {SpawnStage::process, identity ? EIO : why == ESRCH ? ECHILD : why};
}

SpawnError Starter::release(Member& member, Gates& gates, int& part) {
    const SpawnError failed = gates.release(part);
    if (failed.error == 0 && member.worker <= 0) {
        // Before the exec it had sigmund's program. If it has ended already, nothing more can be known.
        const sys::FileId program = sys::Procfs().exe(member.life.leaders[0].pid);
        if (program.known()) keeper_.leader_executes(program);
    }
    return failed;
}

// Returns nothing when the leader must be forked after all.
std::optional<Starter::Failure> Starter::start_in_shared_memory(Member& member) {
    sys::Identity identity;
    identity.boot_id = sys::boot_id();
    identity.pid_ns = sys::pid_namespace();
    identity.exe = sys::Procfs().exe(::getpid());
    if (identity.boot_id.empty() || identity.pid_ns == 0) return std::nullopt;
    sys::time_namespace_ticks();  // is known from here on
    member.life = {};
    keeper_.log().mark_starts();
    keeper_.leader_forked(identity);
    const run::LeaderDraft draft = keeper_.draft_start();
    if (draft.size() > run::record_limit - run::record_growth) return std::nullopt;
    SharedStart start{*plan_.commands[0], draft, keeper_.when_recorded(), plan_.shared_reply,
                      *plan_.processor};
    std::optional<Leader> leader;
    const bool taken = start_shared(start, leader);
    plan_.processor.reset();
    if (!taken) return std::nullopt;
    if (leader) member.life.leaders.push_back(std::move(*leader));
    if (start.error.error != 0) return Failure{start.error, start.error.stage == SpawnStage::process, 0};
    identity.pid = start.birth.pid;
    identity.start_ticks = start.birth.start_ticks;
    identity.pidfd_ino = start.birth.pidfd_ino;
    keeper_.leader_forked(identity);
    // Before the exec it had sigmund's program. If it has ended already, nothing more can be known.
    const sys::FileId program = sys::Procfs().exe(identity.pid);
    if (program.known()) keeper_.leader_executes(program);
    executed(member);
    write_pid_file();
    return Failure{};
}

void Starter::executed(Member& member) const {
    member.state = step(member.state, {EventKind::executed}, sys::monotonic_ms(), lives_.policy()).state;
}

Starter::Failure Starter::start_first() {
    std::vector<Member>& members = lives_.members();
    std::vector<Gates> gates(members.size());
    // Waiting leaders exit without having executed anything when their gates are closed.
    const auto fail = [&](SpawnError error, bool own, int part = 0) {
        for (Gates& each : gates) each.close();
        return Failure{error, own, part};
    };
    keeper_.log().open_streams(lives_.pool() ? static_cast<int>(members.size()) : 0, plan_.commands);
    if (plan_.shared_reply >= 0) {
        const auto outcome = start_in_shared_memory(members[0]);
        plan_.processor.reset();  // in every case: a leader that is forked must not stay on one processor
        if (outcome) return *outcome;
    }
    for (std::size_t i = 0; i < members.size(); ++i)
        if (const SpawnError error = fork_leaders(members[i], gates[i]); error.error != 0)
            return fail(error, error.stage == SpawnStage::process);
    if (const int unwritten = keeper_.write_start(); unwritten != 0)
        return fail({SpawnStage::process, unwritten}, true);
    for (std::size_t i = 0; i < members.size(); ++i) {
        int part = 0;
        if (const SpawnError error = release(members[i], gates[i], part); error.error != 0)
            return fail(error, error.stage == SpawnStage::process, part);
        executed(members[i]);
    }
    write_pid_file();
    return {};
}

// The files are opened by their paths, so that a folder or a file that was replaced in between is the new
// one.
SpawnError Starter::open_files(sys::Input& input) {
    if (!plan_.stdin_path.empty()) {
        sys::InputProblem problem;
        input = plan_.stdin_path == run::open_input ? sys::open_pipe(problem)
                                                    : sys::open_input(plan_.stdin_path, problem);
        if (problem != sys::InputProblem::none) return {SpawnStage::descriptors, errno};
        plan_.stdin_file = std::move(input.read);
    }
    plan_.cwd.reset(::open(keeper_.record().cwd.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!plan_.cwd) return {SpawnStage::directory, errno};
    plan_.commands[0]->stdin_fd = plan_.stdin_file.get();
    for (const auto& command : plan_.commands) command->cwd_fd = plan_.cwd.get();
    return {};
}

// Returns whether a stop was made without this guardian, while it was frozen. Then the command is not started
// again.
bool Starter::told_to_end() {
    const run::EndedBy word = keeper_.take_word();
    if (word.empty()) return false;
    lives_.post(word == run::EndedBy::kill ? Event{.kind = EventKind::kill}
                                           : Event{.kind = EventKind::stop, .cause = Cause::stop});
    return true;
}

void Starter::start_again(Member& member, sys::Input& input) {
    if (!told_to_end() && look_.may_begin(member)) begin_life(member, input);
}

void Starter::note_start(const Member& member, const run::Result& after) {
    keeper_.log().note(prefix_of(member) + "restarted after " + after.str() + ", pid " +
                       std::to_string(member.life.leaders[0].pid));
}

void Starter::note_followed(Member& member, const run::Result& result, run::EndedBy ended_by) {
    if (std::exchange(member.end_noted, true)) return;
    const Account& account = member.account;
    keeper_.life_followed({result, std::move(ended_by), member.state.leader_first, member.worker,
                           sys::realtime_ms(), account.lasted, used_of(account.life),
                           std::exchange(member.last_signal, {})});
    member.account.begin_life();
}

void Starter::begin_life(Member& member, sys::Input& input) {
    SpawnError error = open_files(input);
    keeper_.log().make_again();
    keeper_.log().end_output(member.worker);
    Gates gates;
    int part = 0;
    std::string object;
    if (error.stage == SpawnStage::descriptors) object = plan_.stdin_path;
    if (error.stage == SpawnStage::directory) object = keeper_.record().cwd;
    if (error.error == 0) error = fork_leaders(member, gates);
    const run::Result result = run::Result::of(member.state.status);
    const run::EndedBy ended_by = guard::ended_by(member.state.ended_by);
    // The note comes before the command writes anything. While the command could not be executed, the note
    // waits until it has been.
    const bool in_doubt = !problem_.empty();
    if (error.error == 0) {
        if (!in_doubt) note_start(member, result);
        keeper_.show_starting();
        error = release(member, gates, part);
    }
    plan_.cwd.reset();
    plan_.stdin_file.reset();
    note_followed(member, result, ended_by);
    if (error.error == 0) {
        member.end_noted = false;
        if (in_doubt) note_start(member, result);
        problem_.clear();
        ++member.state.restarts;
        if (lives_.members().size() == 1) lives_.ending().ledger = {};
        write_pid_file();
        lives_.post(member, {EventKind::executed});
        return;
    }
    if (error.stage == SpawnStage::exec && object.empty())
        object = plan_.commands[static_cast<std::size_t>(part)]->command();
    gates.close();
    not_started(member, error, object);
}

// The machine decides whether it is tried once more. `object` is what could not be opened or executed.
void Starter::not_started(Member& member, SpawnError error, const std::string& object) {
    std::string problem = (object.empty() ? "" : object + ": ") + sys::describe_errno(error.error);
    // It is noted once, however often it is tried, so that a lasting problem does not fill the log.
    if (problem != problem_) keeper_.log().note(prefix_of(member) + "cannot be started again: " + problem);
    problem_ = std::move(problem);
    keeper_.start_failed(error.error);
    kill_pass(MemberScope(member, aides_), {});  // the stages of a pipe that could be started
    for (Leader& leader : member.life.leaders) sys::reap_ending(leader.pid, member.account.earlier);
    member.life = {};
    lives_.post(member, {.kind = EventKind::not_executed, .error = error.error});
}

// The file exists before the start is answered.
void Starter::write_pid_file() {
    const run::Record& record = keeper_.record();
    if (const int error = plan_.pid_file.write(record.pid, record.id); error != 0)
        keeper_.log().note("the pid file " + plan_.pid_file.path() +
                           " cannot be written: " + sys::describe_errno(error));
}

}  // namespace sigmund::guard
