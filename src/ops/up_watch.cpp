// SPDX-License-Identifier: Apache-2.0
// Waits for the runs of an `up`: until they are ready, or steps are done, or they are gone.
#include <poll.h>

#include <algorithm>
#include <utility>

#include "ops/up_course.hpp"
#include "run/handle.hpp"
#include "run/label.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

constexpr sys::Millis look_again = 100;  // ms, where nothing tells of a change

void lost_guardian(UpCourse& course, std::size_t i) {
    UpState& state = course.state(i);
    course.items[i].watch.reset();
    state.took = sys::monotonic_ms() - state.took;
    course.fail(i, Failure(Exit::usage, "no_guardian",
                           "it has lost its guardian, so that nobody can tell whether it is ready",
                           "sigmund restart " + run::handle(course.view, state.record), state.record.id));
}

// A run has ended of which something else was expected.
void has_ended(UpCourse& course, std::size_t i, WaitOutcome ended) {
    UpState& state = course.state(i);
    state.record = ended.record;
    const run::EndedBy& cause = run::is_final(ended.record.state) ? ended.record.ended_by : ended.end.cause;
    if (ended_by_user(cause)) {
        course.stop(i);
        if (course.gate.closed()) course.close();
        return;
    }
    if (course.task(i).from.once && ended.exit() == 0) {
        if (cause.empty() || cause == run::EndedBy::itself) return course.change(i, Phase::done);
        return course.fail(
            i, Failure(Exit::usage, "failed", "it was ended before it was done, by " + cause.str()));
    }
    state.exit = ended.exit();
    state.outcome = std::move(ended);
    course.change(i, Phase::failed);
    if (course.request.abort) course.cancel("");
}

// What was waited for has happened.
void over(UpCourse& course, std::size_t i) {
    const UpWatch watch = std::move(*std::exchange(course.items[i].watch, std::nullopt));
    UpState& state = course.state(i);
    course.store().load(state.record.id, run::Depth::full, state.record);
    if (watch.then != UpWatch::Then::settle) {  // the run is gone, and its task is started in the next turn
        if (watch.then == UpWatch::Then::start_unless_stopped && ended_by_user(state.record.ended_by))
            course.stop(i);
        return;
    }
    const WaitEnd& end = watch.end->end();
    state.took = sys::monotonic_ms() - state.took;
    if (end.ready) return course.change(i, state.started ? Phase::ready : Phase::running);
    if (watch.until == run::Until::ready) {
        // Its guardian is stopping what is left of it, so that its last lines are complete.
        state.outcome = WaitOutcome{state.record, end, watch.until, false, false};
        state.took = sys::monotonic_ms() - state.took;
        return course.watch(i, run::Until::gone);
    }
    WaitOutcome ended =
        outcome_of(course.store(), state.record, end, state.outcome ? run::Until::ready : watch.until);
    if (state.outcome) {
        ended.end.late = state.outcome->end.late;
        ended.end.foreign = state.outcome->end.foreign;
    }
    has_ended(course, i, std::move(ended));
}

std::string why_not_again(const run::Record& record) {
    if (record.ready && record.state == run::State::running) return "it was ready, and is not ready again";
    return waits_text(record);
}

// Looks at a run whose command had ended and was to be started again.
void look(UpCourse& course, std::size_t i) {
    UpState& state = course.state(i);
    course.view.census().refresh();
    const auto now = course.view.find(state.record.id);
    const bool waits = now && restarts(*now);
    const sys::Millis left = course.items[i].watch->until_ms - sys::monotonic_ms();
    const sys::Millis next = now ? now->record.next_start_ms.value_or(0) : 0;
    if (waits && left > 0 && next < sys::realtime_ms() + left) return;
    course.items[i].watch.reset();
    state.took = sys::monotonic_ms() - state.took;
    if (now) state.record = now->record;
    // Whether it stands now is looked at before what depends on it starts.
    if (!waits) return course.change(i, state.started ? Phase::ready : Phase::running);
    const std::string& id = state.record.id;
    course.fail(i, Failure(Exit::timed_out, "timed_out", why_not_again(state.record),
                           "sigmund explain " + run::handle(course.view, state.record), id));
}

// The descriptors of the watches, and whose each of them is.
struct Watched {
    std::vector<pollfd> set;
    std::vector<std::size_t> owner;
    bool looks = false;  // some are looked at again and again
};

// Returns nothing when something has happened already, which is dealt with.
std::optional<Watched> watched(UpCourse& course) {
    Watched out;
    for (std::size_t i = 0; i < course.items.size(); ++i) {
        auto& watch = course.items[i].watch;
        if (!watch) continue;
        if (!watch->end) {
            out.looks = true;
            continue;
        }
        if (watch->end->over()) {
            over(course, i);
            return std::nullopt;
        }
        if (watch->until == run::Until::ready && !watch->end->guarded()) {
            lost_guardian(course, i);
            return std::nullopt;
        }
        out.looks = out.looks || !watch->end->told();
        for (const int fd : watch->end->descriptors()) {
            out.set.push_back({fd, POLLIN, 0});
            out.owner.push_back(i);
        }
    }
    out.set.push_back({course.request.interrupt, POLLIN, 0});
    out.set.push_back({course.waiting.descriptor(), POLLIN, 0});
    out.looks = out.looks || course.waiting.descriptor() < 0;
    return out;
}

}  // namespace

void wait_for_change(UpCourse& course) {
    auto all = watched(course);
    if (!all) return;
    ::poll(all->set.data(), all->set.size(), all->looks ? static_cast<int>(look_again) : -1);
    if (course.interrupted()) return;
    std::size_t last = course.items.size();
    for (std::size_t at = 0; at < all->owner.size(); ++at) {
        const std::size_t i = all->owner[at];
        if (all->set[at].revents == 0 || i == last || !course.items[i].watch) continue;
        last = i;  // check() may change what is watched, so it is called once a turn
        if (course.items[i].watch->end->check()) over(course, i);
    }
    for (std::size_t i = 0; i < course.items.size(); ++i) {
        auto& watch = course.items[i].watch;
        if (watch && !watch->end)
            look(course, i);
        else if (watch && !watch->end->told() && watch->end->check())
            over(course, i);
    }
}

}  // namespace sigmund::ops
