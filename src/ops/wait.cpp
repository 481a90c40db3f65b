// SPDX-License-Identifier: Apache-2.0
#include "ops/wait.hpp"

#include <poll.h>

#include <algorithm>

#include "ops/channel.hpp"
#include "run/verdict.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {

int WaitOutcome::exit() const {
    if (stale) return static_cast<int>(run::Exit::refused);
    if (!ended) return static_cast<int>(run::Exit::timed_out);
    if (ready) return 0;
    if (timed_out || late) return static_cast<int>(run::Exit::timed_out);
    if (foreign || !status.known) return 1;
    return (failed || until == run::Until::ready) && status.success() ? 1 : status.shell_code();
}

namespace {

std::string wait_request(run::Until until) {
    return "wait " + std::string(text::word_of(run::until_words, until));
}

}  // namespace

EndWatch::EndWatch(const run::Store& store, const run::Record& record, run::Until until)
    : store_(store), record_(record), until_(until) {
    run::Census census;
    const run::Verdict verdict = run::verdict_of(record, store, census);
    status_ = record.status;
    if (verdict.state == run::State::stale) {
        stale_ = over_ = true;
        why_ = verdict.why;
    } else if (!verdict.live() && !(verdict.guardian_alive && verdict.result == run::Result::pending)) {
        over_ = true;
        run::Record now;  // it may have ended since it was read
        if (store.load(record.id, run::Depth::full, now) == run::Read::ok) status_ = now.status;
    } else {
        if (verdict.guardian_alive) channel_ = reach_guardian(store, record.id);
        if (channel_ && !send_request(channel_.get(), wait_request(until))) channel_.reset();
        if (!channel_) fall_back();
    }
}

// No guardian: the leader's pidfd, or everybody's. The exit status stays unknown.
void EndWatch::fall_back() {
    channel_.reset();
    // It may have ended and been written down in the meantime.
    run::Record now;
    if (store_.load(record_.id, run::Depth::full, now) == run::Read::ok && run::is_final(now.state)) {
        status_ = now.status;
        over_ = true;
        return;
    }
    if (until_ != run::Until::gone) {
        run::Census census;
        if (!leader_ && census.leader(record_) == run::LeaderFact::alive)
            leader_ = run::Census::pin(record_.pid);
        over_ = !leader_ || sys::has_ended(leader_.get());
        return;
    }
    if (!roster_) {
        census_ = std::make_unique<run::Census>();
        roster_.emplace(record_, *census_);
    }
    // Those that were pinned stay awaited until they are seen to end.
    roster_->drop_ended([](const Pinned&) {});
    roster_->look();
    over_ = roster_->empty();
}

std::vector<int> EndWatch::descriptors() {
    std::vector<int> out;
    if (channel_) out.push_back(channel_.get());
    if (leader_) out.push_back(leader_.get());
    if (roster_)
        for (const Pinned& each : roster_->all())
            if (each.pidfd) out.push_back(each.pidfd.get());
    return out;
}

// An older guardian does not say what ended the run. Where that matters (its leader ended well, and the rest
// is being stopped) the record will tell, once all is gone: then that is waited for, too.
bool EndWatch::ask_for_the_end() {
    if (until_ == run::Until::gone || ready_ || !cause_.empty() || !status_.success()) return false;
    run::Record now;
    if (store_.load(record_.id, run::Depth::full, now) != run::Read::ok || now.state != run::State::stopping)
        return false;
    until_ = run::Until::gone;
    return send_request(channel_.get(), wait_request(run::Until::gone));
}

bool EndWatch::check() {
    if (over_) return true;
    if (!channel_) {
        fall_back();
        return over_;
    }
    const auto line = next_line(channel_.get(), sys::monotonic_ms());
    if (!line) {
        if (errno != ETIMEDOUT) fall_back();
        return over_;
    }
    if (const auto code = after(*line, "exit")) status_ = sys::ExitStatus::exited(std::atoi(code->c_str()));
    if (const auto name = after(*line, "signal"))
        if (const auto signal = sys::parse_signal(*name)) status_ = sys::ExitStatus::killed(*signal, false);
    if (after(*line, "ready")) ready_ = true;
    if (after(*line, "late")) late_ = true;
    if (after(*line, "foreign")) foreign_ = true;
    if (const auto word = after(*line, "cause")) cause_ = run::EndedBy(*word);
    if (after(*line, "done")) over_ = !ask_for_the_end();
    return over_;
}

namespace {

// What the end means beyond the leader's status: from the record once that is final, until then from the
// guardian's own word.
void judge_end(WaitOutcome& o, const run::EndedBy& cause) {
    using run::EndedBy;
    const run::Record& record = o.record;
    if (run::is_final(record.state)) {
        if (record.status.known) o.status = record.status;
        o.failed = record.state == run::State::failed || record.result == run::Result::skipped;
        o.timed_out = record.result == run::Result::timeout;
        o.late = o.late || (o.until == run::Until::ready && record.ended_by == EndedBy::unready &&
                            record.leader_first == false);
        return;
    }
    o.failed = cause == EndedBy::unready || cause == EndedBy::answered_by_other ||
               cause == EndedBy::unhealthy || cause == EndedBy::restart_limit || cause == EndedBy::launch;
    o.timed_out = cause == EndedBy::timeout;
}

}  // namespace

std::vector<WaitOutcome> wait(const run::Store& store, const std::vector<run::Record>& records,
                              const WaitRequest& request) {
    std::vector<WaitOutcome> out(records.size());
    std::vector<EndWatch> watches;
    watches.reserve(records.size());
    for (const run::Record& record : records) watches.emplace_back(store, record, request.until);
    const sys::Millis deadline = request.timeout ? sys::monotonic_ms() + *request.timeout : -1;
    for (;;) {
        const auto over = [](const EndWatch& watch) { return watch.over(); };
        if (request.any ? std::any_of(watches.begin(), watches.end(), over)
                        : std::all_of(watches.begin(), watches.end(), over))
            break;
        std::vector<pollfd> set;
        std::vector<std::size_t> owner;
        for (std::size_t i = 0; i < watches.size(); ++i) {
            if (watches[i].over()) continue;
            for (const int fd : watches[i].descriptors()) {
                set.push_back({fd, POLLIN, 0});
                owner.push_back(i);
            }
        }
        int pause = -1;
        if (deadline >= 0) {
            const sys::Millis left = deadline - sys::monotonic_ms();
            if (left <= 0) break;
            pause = static_cast<int>(std::min<sys::Millis>(left, 1 << 30));
        }
        ::poll(set.data(), set.size(), pause);
        std::size_t last = watches.size();
        for (std::size_t i = 0; i < set.size(); ++i) {
            if (set[i].revents == 0 || owner[i] == last) continue;
            last = owner[i];  // check() may change what is watched: once a turn
            watches[last].check();
        }
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        WaitOutcome& o = out[i];
        o.record = records[i];
        o.ended = watches[i].over();
        o.ready = watches[i].ready();
        o.late = watches[i].late();
        o.foreign = watches[i].foreign();
        o.until = request.until;
        o.stale = watches[i].stale();
        o.why = watches[i].why();
        o.status = watches[i].status();
        run::Record now;
        if (store.load(records[i].id, run::Depth::full, now) == run::Read::ok) o.record = now;
        judge_end(o, watches[i].cause());
    }
    return out;
}

}  // namespace sigmund::ops
