// SPDX-License-Identifier: Apache-2.0
// Stops one run through its guardian.
#include "ops/stop_target.hpp"

#include <algorithm>
#include <utility>

#include "ops/channel.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {

using run::Exit;
using sys::Millis;

namespace {

// How long, in ms, a guardian may take after it should have sent SIGKILL.
constexpr Millis guardian_patience = 10'000;

// A guardian has stopped everything when it answers. It does not see the end of a process whose own parent was there
// to reap it: such a process was signalled, and is in no other list. Where the guardian has seen more ends than its lists
// hold, this one may be among those that it only counts.
void add_unseen(StopOutcome& o, bool by_kill) {
    if (o.unlisted > 0) return;
    const auto in = [](const std::vector<pid_t>& list, pid_t pid) {
        return std::find(list.begin(), list.end(), pid) != list.end();
    };
    auto& ended = by_kill ? o.killed : o.exited;
    for (const pid_t pid : o.signalled) {
        if (in(o.exited, pid) || in(o.killed, pid)) continue;
        if (ended.size() < run::pids_limit)
            ended.push_back(pid);
        else
            ++o.unlisted;
    }
}

}  // namespace

Millis StopTarget::grace() const {
    return request_->grace.value_or(run_->record.stop_timeout.value_or(run::usual_grace));
}

int StopTarget::signal() const {
    if (request_->now) return SIGKILL;
    if (request_->signal != 0) return request_->signal;
    return run_->record.stop_signal != 0 ? run_->record.stop_signal : SIGTERM;
}

Request StopTarget::request_to_guardian() const {
    if (request_->now) return {.kind = Request::Kind::kill};
    return {.kind = Request::Kind::stop, .signal = signal(), .grace = grace(), .reason = request_->reason};
}

Roster& StopTarget::roster() {
    if (!roster_) roster_.emplace(run_->record, view_->census());
    return *roster_;
}

void StopTarget::begin(Millis until) {
    progress_.began = sys::monotonic_ms();
    outcome_->record = run_->record;
    const run::Verdict& verdict = run_->verdict;
    if (verdict.state == run::State::stale) {
        outcome_->why = verdict.why;
        if (verdict.guardian_alive)
            outcome_->hint = "its guardian is alive: stop it from where it was started";
        outcome_->exit = Exit::refused;
        return be_done(run::Outcome::refused);
    }
    // As long as a guardian has not written the result, only it knows that no other life follows.
    progress_.unwritten = verdict.unwritten();
    // The single look of a verdict can miss a tree that forks and exits.
    const bool lost = verdict.state == run::State::lost;
    const bool found = lost && roster().look();
    if (!verdict.live() && !progress_.unwritten && !found) {
        if (lost) name_suspects();
        return be_done(run::Outcome::already_ended);
    }
    if (!verdict.guardian_alive) return;
    // The request is sent together with the hello: a guardian that does not answer must not delay the stop of
    // others.
    channel_ = view_->store().connect(run_->record.id, until - progress_.began);
    if (channel_ && (run::send(channel_.get(), {.kind = Request::Kind::hello}) != 0 ||
                     run::send(channel_.get(), request_to_guardian()) != 0))
        channel_.reset();
}

void StopTarget::await_hello(Millis until) {
    if (progress_.done) return;
    if (channel_) {
        const auto answer = run::receive_answer(channel_.get(), until);
        if (!answer || answer->kind != Answer::Kind::hello) {
            sys::Fd frozen = std::exchange(channel_, sys::Fd());
            // Only the request carries a grace or a signal other than the run's own.
            if (request_->grace || request_->signal != 0) unheard_ = std::move(frozen);
        }
        const Millis killed = sys::monotonic_ms() + (request_->now ? 0 : grace());
        progress_.deadline = killed + 1'000;
        progress_.patience_ends = killed + guardian_patience;
    }
    channel_ ? signal_foreign() : go_on_without_guardian();
}

// Root can signal what the guardian may not: processes of the run that now belong to root.
void StopTarget::signal_foreign() {
    const run::Store& store = view_->store();
    if (!store.foreign()) return;
    roster().look();
    for (Pinned& each : roster().all()) {
        const auto users = view_->census().proc().users(each.member.pid);
        if (!users || (*users)[0] == store.owner() || (*users)[2] == store.owner()) continue;
        if (roster().send(each, signal(), request_->now ? 0 : SIGCONT) == 0) each.signalled = true;
    }
}

void StopTarget::watch(std::vector<pollfd>& set) const {
    if (channel_) {
        set.push_back({channel_.get(), POLLIN, 0});
        return;
    }
    for (const Pinned& each : std::as_const(*roster_).all())
        if (each.tells_end()) set.push_back({each.pidfd.get(), POLLIN, 0});
}

Millis StopTarget::due() const {
    // There may be processes without a descriptor: they are checked again soon.
    constexpr Millis soon = 50;
    if (channel_ || roster_->held()) return progress_.deadline;
    return std::min(progress_.deadline, sys::monotonic_ms() + soon);
}

void StopTarget::fire() {
    channel_ ? read_answer() : drop_ended();
}

void StopTarget::turn(Millis now) {
    if (!channel_ && !roster_->held()) drop_ended();
    if (progress_.done || now < progress_.deadline) return;
    channel_ ? look_for_survivors() : time_is_up();
}

void StopTarget::read_answer() {
    const auto answer = run::receive_answer(channel_.get(), sys::monotonic_ms());
    if (!answer) {
        channel_.reset();
        // Unless the guardian has finished, it was killed during the stop, and the rest follows from the
        // record.
        if (!finished_by_guardian()) go_on_without_guardian();
        return;
    }
    StopOutcome& o = *outcome_;
    switch (answer->kind) {
        case Answer::Kind::signalled:
            o.signalled = answer->pids;
            break;
        case Answer::Kind::exited:
            o.exited = answer->pids;
            break;
        case Answer::Kind::killed:
            o.killed = answer->pids;
            break;
        case Answer::Kind::unlisted:
            o.unlisted = static_cast<int>(answer->number);
            break;
        case Answer::Kind::escaped:
            o.escaped = static_cast<int>(answer->number);
            break;
        case Answer::Kind::outcome:
            o.outcome = run::Outcome(answer->text);
            add_unseen(o, request_->now);
            break;
        case Answer::Kind::done:
            be_done(o.outcome);
            break;
        default:
            break;
    }
}

// Returns whether the guardian hung up after it had written the end, but could not send it.
bool StopTarget::finished_by_guardian() {
    run::Record now;
    if (view_->store().load(run_->record.id, run::Depth::full, now) != run::Read::ok ||
        !run::is_final(now.state))
        return false;
    be_done(now.result == run::Result::killed ? run::Outcome::killed : run::Outcome::stopped);
    return true;
}

// The guardian should have sent SIGKILL by now, and waits until all processes have ended. That may never
// happen for a process of another user (sudo) or one that hangs in the kernel.
void StopTarget::look_for_survivors() {
    const bool foreign = view_->store().foreign();
    progress_.deadline = sys::monotonic_ms() + 1'000;
    roster().drop_ended([](const Pinned&) {});
    roster().look();
    for (Pinned& each : roster().all()) {
        // Root does what the guardian may not do.
        if (roster().send(each, foreign ? SIGKILL : 0) == 0) each.killed = foreign;
    }
    const auto& all = roster().all();
    if (!all.empty() && std::all_of(all.begin(), all.end(), [](const Pinned& each) { return each.denied; }))
        return give_up();
    if (sys::monotonic_ms() < progress_.patience_ends) return;
    // The guardian may have been frozen since its hello, and have sent nothing.
    channel_.reset();
    leave_word();
    time_is_up();
}

// Tells a frozen guardian what to do when it thaws after this process has gone. It uses every way, since each
// may fail: a signal needs a proven identity, the note a writable store, the request its socket.
void StopTarget::leave_word() {
    const run::Record& record = run_->record;
    const run::Store& store = view_->store();
    // The lock is checked again: the guardian may have ended since the run was judged.
    if (!store.id_locked(record.id)) return;
    // The note comes first, so that the guardian knows the signal as that of this stop.
    store.leave_word(record.id, request_->now ? run::EndedBy::kill : run::EndedBy::stop);
    tell_guardian(record, view_->census(), request_->now ? SIGQUIT : SIGTERM);
    if (const sys::Fd channel = store.connect(record.id, 1))
        (void)run::send(channel.get(), request_to_guardian());
}

void StopTarget::be_done(run::Outcome outcome) {
    outcome_->outcome = std::move(outcome);
    outcome_->took_ms = sys::monotonic_ms() - progress_.began;
    progress_.done = true;
}

}  // namespace sigmund::ops
