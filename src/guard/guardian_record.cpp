// SPDX-License-Identifier: Apache-2.0
// What people see of a run: its record, sigmund's own lines in its log, and the end.
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "guard/guardian.hpp"
#include "sys/error.hpp"
#include "sys/file.hpp"
#include "sys/own_file.hpp"
#include "text/escape.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis first_retry = 1'000;
constexpr Millis on_exit_limit = 30'000;

run::State shown_state(const State& state) {
    switch (state.phase) {
        case Phase::starting:
            return run::State::starting;
        case Phase::running:
        case Phase::draining:
            return state.paused ? run::State::paused : run::State::running;
        case Phase::stopping:
        case Phase::killing:
            return run::State::stopping;
        case Phase::backoff:
            return state.deadline >= 0 ? run::State::backoff : run::State::watching;
        case Phase::ended:
            return run::State::exited;
    }
    return run::State::running;
}

}  // namespace

bool Guardian::ready() const {
    return !plan_.record.ready || *plan_.record.ready;
}

void Guardian::fill_parts() {
    run::Record& r = plan_.record;
    if (plan_.commands.size() > 1) {
        const std::vector<Leader>& leaders = members_[0].life.leaders;
        for (std::size_t i = 0; i < r.stages.size() && i < leaders.size(); ++i) {
            r.stages[i].pid = leaders[i].pid;
            r.stages[i].status = leaders[i].status;
        }
    }
    if (plan_.workers == 0) return;
    r.workers.resize(members_.size());
    r.workers_alive = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
        const Member& member = members_[i];
        run::Part& part = r.workers[i];
        part.pid = member.life.begun() ? member.life.leaders[0].pid : 0;
        part.state = shown_state(member.state);
        part.restarts = member.state.restarts;
        part.status = member.state.status;
        if (member.life.begun() && !member.life.ended()) ++r.workers_alive;
    }
}

// Of a pool: of the first worker that failed, if any did.
sys::ExitStatus Guardian::status() const {
    sys::ExitStatus out;
    for (const Member& member : members_) {
        const sys::ExitStatus& its = member.state.status;
        if (its.known && (!out.known || out.success())) out = its;
    }
    return out;
}

// Of a pool: what most concerns people of its workers' states.
void Guardian::fill_record() {
    run::Record& r = plan_.record;
    constexpr run::State order[] = {run::State::running,  run::State::paused,  run::State::stopping,
                                    run::State::starting, run::State::backoff, run::State::watching,
                                    run::State::exited};
    const auto rank = [&](run::State state) {
        return std::find(std::begin(order), std::end(order), state) - std::begin(order);
    };
    r.state = run::State::exited;
    r.restarts = 0;
    r.status = {};
    r.next_start_ms.reset();
    for (const Member& member : members_) {
        const run::State state = shown_state(member.state);
        if (rank(state) < rank(r.state)) r.state = state;
        r.restarts += member.state.restarts;
        if (member.state.phase == Phase::backoff && member.state.deadline >= 0)
            r.next_start_ms =
                sys::realtime_ms() + std::max<Millis>(0, member.state.deadline - sys::monotonic_ms());
    }
    // The workers' own ends are in `workers`; the run has none while it lives.
    if (members_.size() == 1 || over()) r.status = status();
    if (r.state == run::State::running && !ready() && !members_[0].life.ended())
        r.state = run::State::starting;
    // Between two lives nothing is ready, whatever the last one was.
    const auto between = [](const Member& m) {
        return m.state.phase == Phase::starting || m.state.phase == Phase::backoff || m.state.restart_wanted;
    };
    if (r.ready && std::all_of(members_.begin(), members_.end(), between)) r.ready = false;
    fill_parts();
    fill_end();
    if (over()) fill_result();
}

// What ended the run. Of a pool, of the first worker that something ended.
Cause Guardian::cause_of_end() const {
    if (end_cause_ != Cause::none) return end_cause_;
    for (const Member& member : members_)
        if (member.state.cause != Cause::none) return member.state.cause;
    return Cause::none;
}

// The word for what ended a life. Readiness that a restarted life does not reach in time is handled like bad
// health; only the check itself makes the record say "unhealthy".
run::EndedBy Guardian::end_of(Cause cause) const {
    if (cause == Cause::unhealthy && plan_.record.health != "unhealthy") return run::EndedBy::unready;
    return ended_by(cause);
}

// In a pause, what ended the life before it; at the end, what ended the run.
void Guardian::fill_end() {
    run::Record& r = plan_.record;
    r.ended_by = run::EndedBy::none;
    r.leader_first.reset();
    for (const Member& member : members_) {
        if (member.state.phase != Phase::backoff && member.state.phase != Phase::ended) return;
        if (!r.leader_first || !member.state.leader_first) r.leader_first = member.state.leader_first;
    }
    r.ended_by = end_of(over() ? cause_of_end() : members_[0].state.ended_by);
    if (!over() && members_[0].state.cause == Cause::not_executed) r.ended_by = run::EndedBy::launch;
}

void Guardian::fill_result() {
    run::Record& r = plan_.record;
    const Cause cause = cause_of_end();
    int exec_error = 0;
    for (const Member& member : members_) exec_error = std::max(exec_error, member.state.exec_error);
    r.ended_ms = sys::realtime_ms();
    const auto failed = [&](const run::Result& result) {
        r.result = result;
        r.state = run::State::failed;
    };
    switch (cause) {
        case Cause::stop:
        case Cause::lease:
        case Cause::restart:
        case Cause::replace:
        case Cause::shell_exit:
        case Cause::watch:
        case Cause::restart_signal:
            r.result = run::Result::stopped;
            break;
        case Cause::guardian_signal:
            r.result = quit_ ? run::Result::killed : run::Result::stopped;
            break;
        case Cause::kill:
            r.result = run::Result::killed;
            break;
        case Cause::timeout:
            r.result = run::Result::timeout;
            break;
        case Cause::unready:
        case Cause::answered_by_other:
            failed(run::Result::unready);
            break;
        case Cause::unhealthy:
            // Also of lives that a restart did not make ready in time.
            failed(end_of(cause) == run::EndedBy::unready ? run::Result::unready : run::Result::unhealthy);
            break;
        case Cause::restart_limit:
            failed(run::Result::restart_limit);
            break;
        case Cause::not_executed:
            failed(run::Result::not_executed(exec_error));
            break;
        case Cause::policy:
        case Cause::none:
            r.result = run::Result::of(r.status);
            break;
    }
}

// A change on the way: renamed at once, not synced; the kernel writes it back in its own time.
void Guardian::save() {
    save_due_ = false;
    retry_at_ = -1;
    if (over()) return;  // finish() writes it
    fill_record();
    if (!store_is_gone() && write_down(sys::Durable::no) == 0)
        retry_pause_ = first_retry;
    else
        retry_later();
    broadcast();
}

// Sigmund's own words in the log, so that a life's output can be told from the next one's.
void Guardian::note(const std::string& line) {
    const std::string text =
        "sigmund: " + sys::rfc3339(sys::realtime_ms()) + ' ' + text::escape_for_display(line);
    if (pump_) {
        pump_->catch_up();
        pump_->write_line(text);
    } else if (plan_.log) {
        sys::write_all(plan_.log.get(), (ends_open_line(plan_.log.get()) ? "\n" : "") + text + '\n');
    }
}

// Nobody writes any more; of a pool: that worker.
void Guardian::end_output(int worker) {
    if (!pump_) return;
    pump_->catch_up();
    pump_->end_line(worker);
}

void Guardian::finish() {
    finished_ = true;
    retry_at_ = -1;
    retry_pause_ = first_retry;
    sources_.clear();
    fifo_input_ = nullptr;
    end_output(-1);
    fill_record();
    const Extras* extras = plan_.extras.get();
    if (extras && !extras->notify_file.empty()) ::unlinkat(plan_.store.dir(), extras->notify_file.c_str(), 0);
    if (extras && !extras->pid_file.empty()) {
        // Only if it is still ours: another run may have taken it over.
        const sys::Fd fd = sys::open_own(AT_FDCWD, extras->pid_file.c_str(), O_RDONLY);
        std::string content;
        if (fd && sys::read_all(fd.get(), content, 64) == 0 &&
            content == std::to_string(plan_.record.pid) + '\n')
            ::unlink(extras->pid_file.c_str());
    }
    try_final_save();
}

// The result is written, however long the disk is full.
void Guardian::try_final_save() {
    const bool folder_removed = store_is_gone();
    const int error = folder_removed ? ENOENT : write_down(sys::Durable::yes);
    // Before anybody is told: the mark is for whoever stopped it to take away, and the name is free.
    if (error == 0) mark_done();
    if (error == 0 || folder_removed) free_name();
    broadcast();
    answer_waiting();
    if (error == 0 || folder_removed) return leave();
    retry_later();
}

// The shell that started it tells at its next prompt.
void Guardian::mark_done() {
    const run::Record& r = plan_.record;
    if (r.shell.empty()) return;
    const std::string folder = "shells/" + r.shell + '/';
    ::renameat(plan_.store.dir(), (folder + "run." + r.id).c_str(), plan_.store.dir(),
               (folder + "done." + r.id).c_str());
}

void Guardian::free_name() {
    if (plan_.name_lock) plan_.store.unlock_name(plan_.record.name, std::move(plan_.name_lock));
}

// The end is known to all: what was held is let go. Only --on-exit may keep the guardian a little longer.
void Guardian::leave() {
    const run::Record& r = plan_.record;
    retry_at_ = -1;
    free_name();
    written_ = true;
    if (plan_.extras && !plan_.extras->on_exit.empty()) return run_on_exit();
    ::unlinkat(plan_.store.dir(), (r.id + ".sock").c_str(), 0);
    ::unlinkat(plan_.store.dir(), (r.id + ".stop").c_str(), 0);
    ::sched_yield();  // who waited for the answer is often put on this processor: it goes first
    ::_exit(0);
}

void Guardian::run_on_exit() {
    const run::Record& r = plan_.record;
    const bool exited = r.status.known && r.status.signal == 0;
    const ShellCommand command{
        std::move(plan_.extras->on_exit),
        r.cwd,
        {{"SIGMUND_ID", r.id},
         {"SIGMUND_NAME", r.name},
         {"SIGMUND_RESULT", r.result.str()},
         {"SIGMUND_EXIT_CODE", exited ? std::to_string(r.status.code) : ""},
         {"SIGMUND_SIGNAL", r.status.signal != 0 ? sys::signal_name(r.status.signal) : ""},
         {"SIGMUND_LOG", r.log}},
        on_exit_limit};
    plan_.extras->on_exit.clear();
    const sys::SpawnPlan& shape = *plan_.commands[0];
    const pid_t aide = aides_.start(
        {shape.stdout_fd, shape.stderr_fd}, [&](int lifeline) { return run_shell(shape, command, lifeline); },
        [this](const sys::ExitStatus& status) {
            if (!status.success()) note("--on-exit: " + run::Result::of(status).str());
            end_output(-1);
            leave();
        });
    if (aide == 0) leave();
}

// Where a life's output begins: sigmund's own lines before it are not its.
void Guardian::mark_log() {
    log_starts_.clear();
    const auto mark = [&](const std::string& path, int fd) {
        struct stat st {};
        log_starts_.push_back({path, ::fstat(fd, &st) == 0 ? st.st_size : 0});
    };
    const run::Store& store = plan_.store;
    const std::string& id = plan_.record.id;
    mark(plan_.record.log, pump_ ? pump_->log() : plan_.log.get());
    if (plan_.error_log) mark(store.file_path(id + ".err"), plan_.error_log.get());
    if (!pump_)
        for (std::size_t i = 0; i < plan_.worker_logs.size(); ++i)
            mark(store.file_path(run::worker_log(id, static_cast<int>(i))), plan_.worker_logs[i].get());
}

}  // namespace sigmund::guard
