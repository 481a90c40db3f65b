// SPDX-License-Identifier: Apache-2.0
// Stops one run whose guardian is gone or frozen, process by process, as far as its record and the kernel
// prove that they belong to it.
#include <unistd.h>

#include <algorithm>

#include "ops/stop_target.hpp"
#include "ops/usage.hpp"
#include "run/shell_marks.hpp"
#include "sys/clock.hpp"
#include "sys/refused_call.hpp"

namespace sigmund::ops {

using run::Exit;

namespace {

constexpr sys::Millis kill_patience = 5'000;  // ms, for all processes to end after SIGKILL

std::string kill_command(const std::vector<Pinned>& all) {
    std::vector<pid_t> denied;
    for (const Pinned& each : all)
        if (each.denied) denied.push_back(each.member.pid);
    return sudo_kill(denied);
}

}  // namespace

// Returns whether nothing can be done, as there are processes that cannot be signalled.
bool StopTarget::refuse_to_signal() {
    const std::string why = why_not_signalled();
    if (why.empty()) return false;
    roster().look();
    if (roster().empty()) return false;
    outcome_->why =
        std::string(run_->verdict.guardian_alive ? "its guardian does not answer" : "its guardian is gone") +
        ", and " + why;
    outcome_->hint = "sigmund ps " + run_->record.id + " lists its processes";
    outcome_->exit = Exit::refused;
    be_done(run::Outcome::refused);
    return true;
}

void StopTarget::go_on_without_guardian() {
    if (!unheard_) leave_word();
    if (refuse_to_signal()) return;
    progress_.killing = request_->now;
    progress_.deadline = sys::monotonic_ms() + (request_->now ? kill_patience : grace());
    if (request_->now) {
        kill_all();
    } else {
        // All processes are pinned before any is signalled, so that one that loses its parent is already
        // known.
        roster().look();
        signal_newcomers();
    }
    const auto& all = roster().all();
    for (const Pinned& each : all)
        if (!own_group(run_->record, each.member.pgrp)) ++outcome_->escaped;
    const bool denied = std::any_of(all.begin(), all.end(), [](const Pinned& each) { return each.denied; });
    if (denied && outcome_->signalled.empty()) {
        outcome_->why = "not permitted to signal its processes";
        outcome_->hint = kill_command(all);
        outcome_->exit = Exit::denied;
        if (unheard_) leave_word();
        return be_done(run::Outcome::denied);
    }
    if (roster().empty()) finish_without_guardian();
}

// Sends the stop signal once to each process, in passes until one finds no process that has not got it.
void StopTarget::signal_newcomers() {
    constexpr int most_passes = 16;
    for (int pass = 0; pass < most_passes; ++pass) {
        bool sent = false;
        for (Pinned& each : roster().all()) {
            if (each.signalled || each.denied) continue;
            if (roster().send(each, signal(), SIGCONT) != 0) continue;
            each.signalled = sent = true;
            outcome_->signalled.push_back(each.member.pid);
        }
        if (!sent || !roster().look()) break;
    }
}

void StopTarget::kill_all() {
    roster().kill();
    auto& told = outcome_->signalled;
    for (const Pinned& each : roster().all())
        if (each.killed && std::find(told.begin(), told.end(), each.member.pid) == told.end())
            told.push_back(each.member.pid);
}

void StopTarget::drop_ended() {
    bool ended = false;
    roster().drop_ended([&](const Pinned& each) {
        (each.killed ? outcome_->killed : outcome_->exited).push_back(each.member.pid);
        ended = true;
    });
    if (!ended && !roster().empty()) return;
    const bool over = progress_.forks_until >= 0 && sys::monotonic_ms() >= progress_.forks_until;
    if (over && (!roster().empty() || !roster().settled())) return give_up();
    // Processes that were started in the meantime get the stop signal, or SIGKILL if killing has begun.
    if (roster().look()) progress_.killing ? kill_all() : signal_newcomers();
    if (roster().empty()) finish_without_guardian();
}

void StopTarget::time_is_up() {
    if (progress_.killing) return give_up();
    progress_.killing = true;
    progress_.deadline = sys::monotonic_ms() + kill_patience;
    // The lock is checked again: a guardian that was frozen may have ended since the run was judged.
    if (view_->store().id_locked(run_->record.id)) tell_guardian(run_->record, view_->census(), SIGQUIT);
    kill_all();
    drop_ended();
}

void StopTarget::finish_without_guardian() {
    // While processes are being started, a look may have missed those of a tree that forks and exits. From
    // here on, for a limited time, every process that is found is killed at once.
    const bool over = progress_.forks_until >= 0 && sys::monotonic_ms() >= progress_.forks_until;
    if (over && !roster().settled()) return give_up_forking();
    if (progress_.forks_until < 0) progress_.forks_until = sys::monotonic_ms() + kill_patience;
    for (int attempt = 0; attempt < 3 && !over && !roster().settled(); ++attempt) {
        kill_all();
        if (roster().empty()) continue;
        progress_.killing = true;
        progress_.deadline = progress_.forks_until;
        return;
    }
    // A frozen guardian still adopts every orphan of the run, so no process can have escaped.
    const bool complete = view_->census().guardian_proven(run_->record);
    leave_word();
    StopOutcome& o = *outcome_;
    if (!complete) name_suspects();
    be_done(!o.killed.empty()                            ? run::Outcome::killed
            : progress_.unwritten && o.signalled.empty() ? run::Outcome::already_ended
                                                         : run::Outcome::stopped);
    // With suspects the run stays lost, so that the next stop reports them again.
    if (o.suspects.empty()) write_result();
}

void StopTarget::name_suspects() {
    const run::Store& store = view_->store();
    outcome_->suspects =
        find_suspects(run_->record, view_->census(), roster(), store.present() ? store.owner() : ::geteuid());
    if (outcome_->suspects.empty()) return;
    outcome_->why = suspects_text(outcome_->suspects);
    outcome_->exit = Exit::remaining;
}

// Without a guardian, any process that takes the lock may write the result. This process ended the run, and
// its exit status is unknown.
void StopTarget::write_result() {
    const run::Store& store = view_->store();
    if (run_->record.version < run::record_version) return;
    const run::IdLock lock = store.try_lock_id(run_->record.id, false);
    run::Record now;
    // The record is read again under the lock, since the guardian may have written the end before it released
    // it.
    if (!lock || store.load(run_->record.id, run::Depth::full, now) != run::Read::ok ||
        run::is_final(now.state))
        return;
    now.state = run::State::exited;
    now.result = request_->now ? run::Result::killed : run::Result::stopped;
    run::note_call(now, request_->now ? "kill" : "stop", ::getpid(), ::getuid());
    now.ended_by = request_->now ? run::EndedBy::kill : request_->reason;
    now.ended_ms = sys::realtime_ms();
    store.save(now, lock, sys::Durable::no);
    store.drop(now.id, run::File::socket);
    run::ShellMarks(store).end(now.shell, now.id);
}

void StopTarget::give_up() {
    if (roster().empty()) return give_up_forking();
    StopOutcome& o = *outcome_;
    const auto& all = roster().all();
    std::size_t denied = 0, killed = 0;
    for (const Pinned& each : all) {
        o.survivors.push_back(each.member.pid);
        denied += each.denied ? 1 : 0;
        killed += each.killed ? 1 : 0;
    }
    if (denied > 0) {
        o.why = "not permitted to signal " + std::to_string(denied) + " of its processes";
        o.hint = kill_command(all);
    }
    if (denied < all.size())
        o.why += (o.why.empty() ? "" : "; ") + std::to_string(all.size() - denied) + " of its processes " +
                 (killed == all.size() - denied ? "survive SIGKILL" : "have not ended");
    o.exit = Exit::remaining;
    be_done(run::Outcome::survivors);
}

void StopTarget::give_up_forking() {
    outcome_->why = "it starts processes faster than they can be found without its guardian";
    outcome_->exit = Exit::remaining;
    be_done(run::Outcome::survivors);
}

void kill_members(const run::Record& record) {
    run::Census census;
    Roster roster(record, census);
    const sys::Millis until = sys::monotonic_ms() + kill_patience;
    while (sys::can_signal_by_pidfd() && sys::monotonic_ms() < until) {
        roster.kill();
        roster.drop_ended([](const Pinned&) {});
        if (roster.empty() && !roster.look()) return;
        for (const Pinned& each : roster.all()) {
            pollfd p{each.tells_end() ? each.pidfd.get() : -1, POLLIN, 0};
            ::poll(&p, 1, each.tells_end() ? 100 : sys::look_pause_ms);
        }
    }
}

}  // namespace sigmund::ops
