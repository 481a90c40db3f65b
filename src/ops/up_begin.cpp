// SPDX-License-Identifier: Apache-2.0
// Starts the run of a task, or joins the run that lives already, under the gate of the project.
#include <system_error>
#include <utility>

#include "ops/launch.hpp"
#include "ops/stop.hpp"
#include "ops/up_course.hpp"
#include "run/label.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {
namespace {

using run::Exit;
using run::Failure;

// Another process that keeps the gate for too long would keep each of the others waiting as long.
sys::Fd pass_gate(UpCourse& course, std::size_t i) {
    try {
        return course.gate.lock(course.request.interrupt);
    } catch (const Failure& failure) {
        course.fail(i, failure);
        course.cancel("");
        return {};
    }
}

// Returns whether a `down` or a stop holds the start back.
bool held_back(UpCourse& course, std::size_t i) {
    if (course.gate.closed()) {
        course.close();
        return true;
    }
    if (!course.waiting.is_struck(i)) return false;
    course.stop(i);
    return true;
}

// The process of this `up` may have been stopped in the middle of the start. A `down` or a stop does not wait for that:
// then what has been started now is stopped again.
bool stopped_since(UpCourse& course, std::size_t i) {
    const bool closed = course.gate.closed();
    if (!closed && !course.waiting.is_struck(i)) return false;
    course.view.census().refresh();
    (void)stop(course.view, {course.view.judge(course.state(i).record)}, {});
    course.stop(i);
    if (closed) course.close();
    return true;
}

void start(UpCourse& course, std::size_t i) {
    course.waiting.require();
    auto [spec, port_lock] = course.task(i).source.begin();
    spec.from.up = course.self.process;
    const bool once = spec.from.once, waits = !spec.ready.empty() || once;
    UpState& state = course.state(i);
    const sys::Millis began = sys::monotonic_ms();
    state.took = began;
    state.record = launch({std::move(spec), false, true, std::move(port_lock)});
    state.started = true;
    state.record = as_written(course.store(), state.record);
    if (stopped_since(course, i)) return;
    if (!waits) {
        state.took = sys::monotonic_ms() - began;
        return course.change(i, Phase::ready);
    }
    course.watch(i, once ? run::Until::leader : run::Until::ready);
    course.change(i, Phase::starting);
}

// The run lives already.
void join(UpCourse& course, std::size_t i, const run::Judged& live) {
    UpState& state = course.state(i);
    state.record = live.record;
    state.took = sys::monotonic_ms();
    if (live.verdict.state == run::State::stopping) {
        course.watch(i, run::Until::gone);
        course.items[i].watch->then = UpWatch::Then::start;
        return course.change(i, Phase::waiting, label(live.record) + ", which is being stopped");
    }
    if (course.task(i).from.once) {
        course.watch(i, run::Until::leader);
        return course.change(i, Phase::starting);
    }
    if (!live.record.ready || *live.record.ready) return course.change(i, Phase::running);
    course.watch(i, run::Until::ready);
    course.change(i, Phase::starting);
}

}  // namespace

void begin(UpCourse& course, std::size_t i) {
    try {
        const sys::Fd pass = pass_gate(course, i);
        if (course.interrupted() || !pass || held_back(course, i) || !needs_stand(course, i)) return;
        if (const auto live = run_of(course, i)) return join(course, i, *live);
        if (course.task(i).from.once && !step_runs(course, i)) return;
        start(course, i);
    } catch (const Failure& failure) {
        course.fail(i, failure);
    } catch (const std::system_error& error) {
        course.fail(i, Failure(Exit::not_started, "not_started", error.what()));
    }
}

}  // namespace sigmund::ops
