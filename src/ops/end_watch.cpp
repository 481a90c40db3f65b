// SPDX-License-Identifier: Apache-2.0
// Waits for one run: for its guardian's answer, or by pidfds where there is no guardian.
#include <cerrno>

#include "ops/channel.hpp"
#include "ops/wait.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {

EndWatch::EndWatch(const run::View& view, const run::Judged& run, run::Until until)
    : view_(&view), record_(run.record), until_(until) {
    end_.status = run.record.status;
    if (run.verdict.state == run::State::stale) {
        end_.stale = end_.over = true;
        end_.why = run.verdict.why;
    } else if (!run.live() && !run.verdict.unwritten()) {
        end_.over = true;
        run::Record now;  // the run may have ended since its record was read
        if (view.store().load(record_.id, run::Depth::full, now) == run::Read::ok) end_.status = now.status;
    } else {
        if (run.verdict.guardian_alive) channel_ = reach_guardian(view.store(), record_.id);
        if (channel_ && run::send(channel_.get(), {.kind = Request::Kind::wait, .until = until}) != 0)
            channel_.reset();
        if (!channel_) watch_without_guardian();
    }
}

// Watches the leader, or for Until::gone every process of the run. The exit status stays unknown.
void EndWatch::watch_without_guardian() {
    channel_.reset();
    // The run may have ended in the meantime, and its record have been written.
    run::Record now;
    if (view_->store().load(record_.id, run::Depth::full, now) == run::Read::ok && run::is_final(now.state)) {
        end_.status = now.status;
        end_.over = true;
        return;
    }
    if (until_ != run::Until::gone) {
        if (!leader_ && view_->census().leader(record_) == run::LeaderFact::alive)
            leader_ = run::Census::pin(record_.pid);
        end_.over = !leader_ || sys::has_ended(leader_.get());
        return;
    }
    if (!roster_) roster_.emplace(record_, view_->census());
    // A process that was pinned counts until it is seen to end.
    roster_->drop_ended([](const Pinned&) {});
    roster_->look();
    end_.over = roster_->empty();
}

std::vector<int> EndWatch::descriptors() {
    std::vector<int> out;
    if (channel_) out.push_back(channel_.get());
    if (leader_ && sys::tells_end(leader_.get())) out.push_back(leader_.get());
    if (roster_)
        for (const Pinned& each : roster_->all())
            if (each.tells_end()) out.push_back(each.pidfd.get());
    return out;
}

bool EndWatch::told() const {
    if (channel_) return true;
    return roster_ ? roster_->held() : leader_ && sys::tells_end(leader_.get());
}

// An older guardian does not say what ended the run. That matters when the leader exited with 0 and the rest
// is being stopped: the record tells the cause once all processes are gone, so this waits for that, too.
// Returns whether it does.
bool EndWatch::await_the_cause() {
    if (until_ == run::Until::gone || end_.ready || !end_.cause.empty() || !end_.status.success())
        return false;
    run::Record now;
    if (view_->store().load(record_.id, run::Depth::full, now) != run::Read::ok ||
        now.state != run::State::stopping)
        return false;
    until_ = run::Until::gone;
    return run::send(channel_.get(), {.kind = Request::Kind::wait, .until = until_}) == 0;
}

bool EndWatch::check() {
    if (end_.over) return true;
    if (!channel_) {
        watch_without_guardian();
        return end_.over;
    }
    const auto answer = run::receive_answer(channel_.get(), sys::monotonic_ms());
    if (!answer) {
        if (errno != ETIMEDOUT) watch_without_guardian();
        return end_.over;
    }
    if (const auto status = run::status_in(*answer)) end_.status = *status;
    switch (answer->kind) {
        case Answer::Kind::ready:
            end_.ready = true;
            break;
        case Answer::Kind::late:
            end_.late = true;
            break;
        case Answer::Kind::foreign:
            end_.foreign = true;
            break;
        case Answer::Kind::cause:
            end_.cause = run::EndedBy(answer->text);
            break;
        case Answer::Kind::done:
            end_.over = !await_the_cause();
            break;
        default:
            break;
    }
    return end_.over;
}

}  // namespace sigmund::ops
