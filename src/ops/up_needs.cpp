// SPDX-License-Identifier: Apache-2.0
// Whether what a task depends on still stands when it is about to start, and whether a step runs.
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

// What this call has started has failed when it is gone; what ran already is started again.
void is_gone(UpCourse& course, std::size_t i, const std::optional<run::Judged>& now) {
    if (now && ended_by_user(now->record.ended_by)) return course.stop(i);
    if (!course.state(i).started) return course.change(i, Phase::waiting);
    course.fail(i, Failure(Exit::usage, "failed",
                           now ? "it was ready, and then " + now->verdict.result.sentence()
                               : "it has ended since it was ready",
                           now && now->verdict.result == run::Result::of(sys::ExitStatus::exited(0))
                               ? "once = true makes it a step, which may end"
                               : ""));
}

void await_stop(UpCourse& course, std::size_t i) {
    course.watch(i, run::Until::gone);
    if (!course.state(i).started) course.items[i].watch->then = UpWatch::Then::start_unless_stopped;
    course.change(i, Phase::waiting, label(course.state(i).record) + ", which is being stopped");
}

// Nothing tells in time that a run which had been ready is not ready again.
void await_restart(UpCourse& course, std::size_t i) {
    UpState& state = course.state(i);
    state.took = sys::monotonic_ms();
    course.items[i].watch =
        UpWatch{.until = run::Until::ready,
                .until_ms = sys::monotonic_ms() + run::read_spec(state.record).ready_timeout};
    course.change(i, Phase::starting);
}

bool stands(UpCourse& course, std::size_t i) {
    UpState& state = course.state(i);
    if (state.record.id.empty()) return true;
    course.view.census().refresh();
    const auto now = course.view.find(state.record.id);
    if (now) state.record = now->record;
    if (!now || !now->live()) {
        is_gone(course, i, now);
    } else if (now->verdict.state == run::State::stopping) {
        await_stop(course, i);
    } else if (now->verdict.state == run::State::paused) {
        const std::string& id = state.record.id;
        course.fail(i, Failure(Exit::usage, "paused", "it is paused",
                               "sigmund resume " + run::handle(course.view, state.record), id));
    } else if (restarts(*now)) {
        await_restart(course, i);
    } else {
        return true;
    }
    return false;
}

bool contains(const std::vector<std::size_t>& list, std::size_t i) {
    return std::find(list.begin(), list.end(), i) != list.end();
}

bool has_waiting_dependents(const UpCourse& course, std::size_t i) {
    for (std::size_t j = i + 1; j < course.items.size(); ++j) {
        if (course.out.states[j].phase != Phase::waiting || !contains(course.task(j).depends, i)) continue;
        const auto live = run_of(course, j);
        if (!live || live->verdict.state == run::State::stopping) return true;
    }
    return false;
}

// Returns whether something that the step depends on, over steps, too, has started since the step did.
bool is_outlived(const UpCourse& course, std::size_t i, const run::Record& step) {
    return std::any_of(course.task(i).depends.begin(), course.task(i).depends.end(), [&](std::size_t other) {
        if (course.task(other).from.once) return is_outlived(course, other, step);
        return course.out.states[other].record.started_ms > step.started_ms;
    });
}

// Returns the newest run of the task that is over; its id is empty when there is none that can be read.
run::Record newest_run(const UpCourse& course, std::size_t i) {
    run::Record newest;
    for (run::Record& head : course.store().list(run::Depth::head))
        if (head.name == course.task(i).name && head.project == course.request.project &&
            run::is_final(head.state) && head.started_ms >= newest.started_ms)
            newest = std::move(head);
    run::Record whole;
    if (newest.id.empty() || course.store().load(newest.id, run::Depth::full, whole) != run::Read::ok)
        return {};
    return whole;
}

}  // namespace

bool restarts(const run::Judged& run) {
    return run.live() && (run.verdict.state == run::State::backoff ||
                          run.verdict.state == run::State::watching || run.record.ready == false);
}

bool needs_stand(UpCourse& course, std::size_t i) {
    bool all = true;
    for (const std::size_t other : course.task(i).depends) {
        if (!satisfied(course.state(other).phase)) {
            all = false;
        } else if (course.task(other).from.once) {
            if (needs_stand(course, other)) continue;
            course.items[other].look.act = UpLook::Act::run_step;
            course.change(other, Phase::waiting);
            all = false;
        } else {
            all = stands(course, other) && all;
        }
    }
    return all;
}

bool step_runs(UpCourse& course, std::size_t i) {
    const UpLook& look = course.items[i].look;
    if (look.act == UpLook::Act::skip_step && !is_outlived(course, i, *look.last)) {
        course.state(i).record = *look.last;
        course.change(i, Phase::done_before);
        return false;
    }
    const run::Record newest = newest_run(course, i);
    if (newest.id.empty() || newest.from.up == course.self.process || newest.from.name.empty() ||
        is_outlived(course, i, newest))
        return true;
    if (newest.started_ms < course.self.began && !course.gate.is_at_work(newest.from.up)) {
        // Another `up` may have started since what this step was needed for.
        if (course.task(i).named || !step_counts(course.task(i), newest) || has_waiting_dependents(course, i))
            return true;
        course.state(i).record = newest;
        course.change(i, Phase::done_before);
        return false;
    }
    course.state(i).record = newest;
    if (was_done(newest))
        course.change(i, Phase::done);
    else if (ended_by_user(newest.ended_by))
        course.stop(i);
    else
        course.fail(i, Failure(Exit::usage, "failed", "it failed: " + newest.result.str()));
    return false;
}

std::optional<run::Judged> run_of(const UpCourse& course, std::size_t i) {
    if (auto live = live_run(course.store(), scoped_name(course.request, i))) return live;
    // It may have another name than its template by now.
    const auto& before = course.items[i].look.live;
    if (!before || before->record.name == course.task(i).name) return std::nullopt;
    auto now = course.view.find(before->record.id);
    if (!now || !now->live()) return std::nullopt;
    return now;
}

}  // namespace sigmund::ops
