// SPDX-License-Identifier: Apache-2.0
#include "ops/wait.hpp"

#include <poll.h>

#include <algorithm>

#include "sys/clock.hpp"
#include "sys/refused_call.hpp"

namespace sigmund::ops {
namespace {

// Sets the rest of the outcome: from the record once that is final, until then from what the guardian said.
void judge_end(WaitOutcome& o) {
    using run::EndedBy;
    const run::Record& record = o.record;
    if (run::is_final(record.state)) {
        if (record.status.known) o.end.status = record.status;
        o.failed = record.state == run::State::failed || record.result == run::Result::skipped;
        o.timed_out = record.result == run::Result::timeout;
        o.end.told = o.until == run::Until::ready && record.ended_by == EndedBy::ready_fail;
        o.end.late = o.end.late || (o.until == run::Until::ready && record.ended_by == EndedBy::unready &&
                                    record.leader_first == false);
        return;
    }
    const EndedBy& cause = o.end.cause;
    o.end.told = o.until == run::Until::ready && cause == EndedBy::ready_fail;
    o.failed = cause == EndedBy::unready || cause == EndedBy::answered_by_other ||
               cause == EndedBy::ready_fail || cause == EndedBy::unhealthy ||
               cause == EndedBy::restart_limit || cause == EndedBy::launch;
    o.timed_out = cause == EndedBy::timeout;
}

// Waits in poll(2) until a descriptor of one of the watches is readable, and checks that watch. Returns false
// when time has run out.
bool turn(std::vector<EndWatch>& watches, sys::Millis deadline) {
    std::vector<pollfd> set;
    std::vector<std::size_t> owner;
    bool told = true;
    for (std::size_t i = 0; i < watches.size(); ++i) {
        if (watches[i].over()) continue;
        told = told && watches[i].told();
        for (const int fd : watches[i].descriptors()) {
            set.push_back({fd, POLLIN, 0});
            owner.push_back(i);
        }
    }
    int pause = -1;
    if (deadline >= 0) {
        const sys::Millis left = deadline - sys::monotonic_ms();
        if (left <= 0) return false;
        pause = static_cast<int>(std::min<sys::Millis>(left, 1 << 30));
    }
    ::poll(set.data(), set.size(), told ? pause : sys::pause_between_looks(pause));
    for (EndWatch& watch : watches)
        if (!watch.over() && !watch.told()) watch.check();
    std::size_t last = watches.size();
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (set[i].revents == 0 || owner[i] == last) continue;
        last = owner[i];  // check() may change what is watched, so it is called once a turn
        watches[last].check();
    }
    return true;
}

}  // namespace

int WaitOutcome::exit() const {
    if (end.stale) return static_cast<int>(run::Exit::refused);
    if (!end.over) return static_cast<int>(run::Exit::timed_out);
    if (end.ready) return 0;
    if (timed_out || end.late) return static_cast<int>(run::Exit::timed_out);
    if (end.foreign || end.told || !end.status.known) return 1;
    return (failed || until == run::Until::ready) && end.status.success() ? 1 : end.status.shell_code();
}

std::vector<WaitOutcome> wait(const run::View& view, const std::vector<run::Judged>& runs,
                              const WaitRequest& request) {
    std::vector<EndWatch> watches;
    watches.reserve(runs.size());
    for (const run::Judged& run : runs) watches.emplace_back(view, run, request.until);
    const sys::Millis deadline = request.timeout ? sys::monotonic_ms() + *request.timeout : -1;
    const auto over = [](const EndWatch& watch) { return watch.over(); };
    const auto all_over = [&] {
        return request.any ? std::any_of(watches.begin(), watches.end(), over)
                           : std::all_of(watches.begin(), watches.end(), over);
    };
    while (!all_over() && turn(watches, deadline)) {
    }
    std::vector<WaitOutcome> out(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i)
        out[i] = outcome_of(view.store(), runs[i].record, watches[i].end(), request.until);
    return out;
}

WaitOutcome outcome_of(const run::Store& store, const run::Record& record, const WaitEnd& end,
                       run::Until until) {
    WaitOutcome out{record, end, until, false, false};
    run::Record now;
    if (store.load(record.id, run::Depth::full, now) == run::Read::ok) out.record = std::move(now);
    judge_end(out);
    return out;
}

}  // namespace sigmund::ops
