// SPDX-License-Identifier: Apache-2.0
#include "guard/guardian.hpp"

#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <type_traits>
#include <utility>

#include "guard/become.hpp"
#include "guard/loop.hpp"
#include "sys/file.hpp"
#include "sys/memory.hpp"
#include "sys/signals.hpp"

namespace sigmund::guard {
namespace {

RunFiles files_of(Plan& plan) {
    return {std::move(plan.store), plan.record.id, std::move(plan.lock), std::move(plan.name_lock),
            std::move(plan.port_lock)};
}

LogPlan log_of(Plan& plan) {
    LogPlan out;
    out.log = std::move(plan.log);
    out.errors = std::move(plan.error_log);
    out.workers = std::move(plan.worker_logs);
    if (!plan.extras || !plan.extras->pumps_log()) return out;
    out.folder = std::move(plan.extras->log_folder);
    out.name = std::move(plan.extras->log_name);
    out.max_size = plan.extras->log_max_size;
    out.keep = plan.extras->log_keep;
    if (plan.extras->terminal)
        out.terminal = TerminalPlan{*plan.extras->terminal, std::move(plan.extras->viewer)};
    return out;
}

StartPlan start_of(Plan& plan, Sources& sources) {
    const bool restarts =
        plan.policy.restart.when != run::RestartWhen::no || plan.policy.stay ||
        (plan.extras && (!plan.extras->health.command.empty() || plan.extras->restart_on != 0));
    PidFile pid_file(plan.extras ? std::move(plan.extras->pid_file) : "");
    sources.make(plan.timeout, plan.extras.get(), restarts);
    return {std::move(plan.commands),
            std::move(plan.stdin_path),
            std::move(plan.stdin_file),
            std::move(plan.cwd),
            std::move(pid_file),
            sources.ready(),
            plan.shares_memory ? plan.reply.get() : -1,
            std::move(plan.processor)};
}

}  // namespace

Guardian::Guardian(Plan& plan)
    : lives_(plan.workers, plan.policy, plan.stop_signal),
      keeper_(std::move(plan.record), files_of(plan), log_of(plan), lives_, *this),
      sources_(*this),
      starter_(start_of(plan, sources_), lives_, keeper_, aides_),
      reaper_(lives_, keeper_, aides_),
      desk_(std::move(plan.listener), std::move(plan.spares), lives_, keeper_, reaper_, starter_, *this),
      on_exit_(plan.extras ? std::move(plan.extras->on_exit) : "") {
    if (plan.extras && plan.extras->viewer_channel)
        desk_.control().adopt_viewer(std::move(plan.extras->viewer_channel), Viewers::first);
}

// No part of a start that failed may be left.
void Guardian::fail_start(const sys::Fd& reply, const Starter::Failure& failure) {
    end_children();
    keeper_.undo_start();
    const StartReply answer{false, failure.own, failure.error.stage, failure.error.error, failure.part, 0};
    (void)!::write(reply.get(), &answer, sizeof answer);
    ::_exit(125);
}

void Guardian::start(sys::Input input, sys::Fd& reply) {
    const Starter::Failure failure = starter_.start_first();
    if (failure.error.error != 0) fail_start(reply, failure);
    sources_.hold(input, starter_.stdin_path());
    sources_.begin();  // before the record is written, since they have words in it
    const sys::Fd written = keeper_.write_started();
    // This is done before any process knows of the run. A file that replaces the socket later must not be
    // taken for it.
    keeper_.remember_socket();
    // While the disk works, the command starts. What is answered is durable.
    if (store().reserves_room())
        if (const int error = keeper_.sync_started(written); error != 0)
            fail_start(reply, {{sys::SpawnStage::process, error}, true, 0});
    const StartReply answer{true, false, sys::SpawnStage::exec, 0, 0, record().pid};
    // A launcher that sees the end of the pipe instead ends the run. One that is gone (EPIPE) cannot.
    const int error = sys::write_all(reply.get(), {reinterpret_cast<const char*>(&answer), sizeof answer});
    if (error != 0 && error != EPIPE) reply.reset();
    if (written && !store().reserves_room())
        keeper_.sync_started(written);  // after the answer, since the identity is on the disk already
    if (!written) keeper_.retry_later();
}

void Guardian::settle(bool once) {
    starter_.forget_first(once);
    settle_down(spares(), descriptors());
}

std::size_t Guardian::descriptors() const {
    return desk_.control().clients() + 2 * lives_.members().size() + keeper_.log().descriptors() +
           command().keep_fds.size();
}

void Guardian::watch(Polled& polled) {
    polled.desk = polled.set.size();
    desk_.control().watch(polled.set);
    polled.log = polled.set.size();
    keeper_.log().watch(polled.set);
    polled.sources = polled.set.size();
    sources_.watch(polled.set);
}

Millis Guardian::deadline() const {
    Millis first = -1;
    for (const Millis at : {lives_.deadline(), keeper_.deadline(), keeper_.log().deadline(),
                            reaper_.deadline(), desk_.control().deadline(), sources_.deadline()})
        if (at >= 0 && (first < 0 || at < first)) first = at;
    return first;
}

void Guardian::hear_requests(Polled& polled, Millis now) {
    desk_.control().fire(polled.part(polled.desk, polled.log), now);
}

void Guardian::let_in(const Polled& polled, Millis now) {
    desk_.control().let_in(polled.set[polled.desk].revents != 0, now);
}

void Guardian::fire(Polled& polled, bool ready, Millis now) {
    const Millis due = keeper_.log().deadline();
    if (ready || (due >= 0 && now >= due))
        keeper_.log().fire(polled.part(polled.log, polled.sources), now, *this);
    sources_.fire(polled.part(polled.sources, polled.set.size()), now);
    lives_.post_due(now);
    reaper_.end_nested_if_due(now);
    process_events();
    keeper_.retry_if_due(now);
}

// A stop that was made without this guardian, while it was frozen, also sends this signal, and leaves its
// word in the store.
void Guardian::told_to_end(int signal, pid_t pid, uid_t uid) {
    const run::EndedBy word = keeper_.word_left();
    keeper_.called(word.empty() ? "signal " + sys::signal_name(signal) + " to the guardian" : word.str(), pid,
                   uid);
    Ending& ending = lives_.ending();
    if (ending.cause == Cause::none) ending.quit = signal == SIGQUIT;
    post({.kind = signal == SIGTERM ? EventKind::stop : EventKind::kill,
          .cause = word.empty()                 ? Cause::guardian_signal
                   : word == run::EndedBy::kill ? Cause::kill
                                                : Cause::stop});
}

void Guardian::tell(const Fact& fact) {
    if (const auto* changes = std::get_if<DiskChanges>(&fact)) desk_.changed_on_disk(changes->lines);
    keeper_.learn(fact);
}

OpenInput* Guardian::input() {
    if (OpenInput* terminal = console()) return terminal;
    return sources_.input();
}

void Guardian::set_variable(const std::string& name, const std::string& value) {
    starter_.set_variable(name, value);
}

void Guardian::signal_run(int signal) {
    for (Member& member : lives_.members())
        if (member.state.phase == Phase::running) reaper_.send(member, signal, run::Reach::group, "watch");
}

void Guardian::process_events() {
    // Orders may post events (a killed tree is empty at once), so this continues until there is nothing left
    // to do.
    while (lives_.pending()) {
        const auto due = lives_.step(sys::monotonic_ms(), [this](bool running) { sources_.turned(running); });
        reaper_.adjust_urgency();
        for (const Lives::Due& each : due) execute(*each.member, each.orders);
    }
    reaper_.adjust_urgency();
    end_if_over();  // the end comes first: its result is written before any client is told
    if (keeper_.over()) return;
    keeper_.save_if_due();
    desk_.answer_waiting();
}

void Guardian::execute(Member& member, unsigned orders) {
    const bool alive = member.state.phase != Phase::ended;
    if (orders & order_pause) reaper_.pause(member);
    if (orders & order_resume) reaper_.send(member, SIGCONT, run::Reach::every, "resume");
    if ((orders & order_terminate) && alive) reaper_.terminate(member);
    if ((orders & order_sweep) && member.life.begun()) reaper_.sweep(member);
    if ((orders & order_kill) && alive) reaper_.kill(member);
    if (orders & order_start) start_again(member);
    if (orders & (order_save | order_finish)) keeper_.save_soon();
}

void Guardian::start_again(Member& member) {
    reaper_.calm_down();
    sys::Input input;
    starter_.start_again(member, input);
    sources_.hold(input, starter_.stdin_path());
}

void Guardian::end_if_over() {
    if (keeper_.over() || !lives_.over() || !reaper_.all_gone()) return;
    sources_.end();
    starter_.remove_pid_file();
    keeper_.finish();
}

void Guardian::record_shown() {
    desk_.tell_followers();
    if (keeper_.over()) desk_.answer_waiting();
}

// The end is known to all clients. Only --on-exit may keep the guardian a little longer.
void Guardian::run_over() {
    const auto ended = [this](const sys::ExitStatus& status) {
        if (!status.success()) note("--on-exit: " + run::Result::of(status).str());
        keeper_.log().end_output(-1);
        run_over();
    };
    if (on_exit_.start(record(), command(), aides_, ended)) return;
    keeper_.remove_socket();
    ::sched_yield();  // a client that waited for the answer is often put on this processor and goes first
    ::_exit(0);
}

void run_guardian(Plan plan) noexcept {
    // noexcept: an exception here (out of memory) ends the guardian. The run continues and is found by its
    // record.
    static_assert(std::is_trivially_copyable_v<StartReply>);
    // The guardian runs on a stack of its own: it was started on one, or moves there. The stack of the
    // launcher's command line is given back while it sleeps.
    const auto guard = [](void* given) {
        std::unique_ptr<Plan> own(static_cast<Plan*>(given));
        sys::SignalQueue signals = become_guardian(*own);
        const int error = errno;
        Guardian guardian(*own);
        if (!signals) guardian.fail_start(own->reply, {{sys::SpawnStage::descriptors, error}, true, 0});
        Loop loop(guardian, std::move(signals), own->extras ? own->extras->restart_on : 0);
        sys::Fd launcher = std::move(own->reply);
        guardian.start(std::move(own->input), launcher);
        // The other end of the pipe tells when a launcher that shares this memory is gone.
        if (!own->shares_memory) launcher.reset();
        ::sched_yield();  // the launcher may wait on this processor
        const bool once = own->policy.restart.when == run::RestartWhen::no && !own->extras;
        own.reset();
        loop.run(std::move(launcher), once);
    };
    const bool shared = plan.shares_memory;
    auto* const own = new Plan(std::move(plan));
    shared ? guard(own) : sys::leave_stack(guard, own);
    ::_exit(125);
}

}  // namespace sigmund::guard
