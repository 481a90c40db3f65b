// SPDX-License-Identifier: Apache-2.0
// The loop of `up`.
#include "ops/up.hpp"

#include <algorithm>
#include <utility>

#include "ops/up_course.hpp"
#include "run/shell_session.hpp"
#include "sys/clock.hpp"

namespace sigmund::ops {
namespace {

bool all_settled(const UpCourse& course) {
    return std::all_of(course.out.states.begin(), course.out.states.end(),
                       [](const UpState& each) { return settled(each.phase); });
}

void make_waiting_list(UpCourse& course) {
    std::vector<run::WaitingList::Entry> entries;
    const std::string shell = run::current_shell();
    for (const UpTask& task : course.request.tasks) {
        run::WaitingList::Entry entry{{task.name}, task.chosen};
        for (const std::string& tag : task.tags) entry.words.push_back("tag=" + tag);
        if (!shell.empty()) entry.words.push_back("shell=" + shell);
        entries.push_back(std::move(entry));
    }
    course.waiting.make(course.store(), course.request.project, course.self.process, entries);
}

// What became of a dependency, for a task that is not started because of it.
std::string why_skipped(const UpTask& other, const UpState& state) {
    if (state.phase == Phase::failed) return other.name + " failed";
    return other.name + (was_stopped(state) ? " was stopped" : " did not start");
}

// Starts the task, unless what it depends on is not there yet, or never will be. Returns whether it tried.
bool start_if_it_can(UpCourse& course, std::size_t i) {
    std::string waits_for;
    for (const std::size_t other : course.task(i).depends) {
        const UpState& state = course.state(other);
        if (lost(state.phase)) {
            const bool cancelled = state.phase == Phase::cancelled && !was_stopped(state);
            course.change(i, cancelled ? Phase::cancelled : Phase::skipped,
                          why_skipped(course.task(other), state));
            return false;
        }
        if (!satisfied(state.phase)) waits_for += (waits_for.empty() ? "" : ", ") + course.task(other).name;
    }
    if (waits_for.empty())
        begin(course, i);
    else
        course.change(i, Phase::waiting, waits_for);
    return waits_for.empty();
}

// Returns false when it has to be called again, since a task that had been ready is not any more.
bool start_what_can(UpCourse& course) {
    course.heed_stops();
    bool complete = true;
    for (std::size_t i = 0; i < course.items.size(); ++i) {
        const auto waits = [&] { return course.state(i).phase == Phase::waiting && !course.items[i].watch; };
        if (waits() && start_if_it_can(course, i) && waits()) complete = false;
    }
    return complete;
}

// A service without a readiness probe may have failed while others were waited for.
void note_failed(UpCourse& course) {
    course.view.census().refresh();
    for (std::size_t i = 0; i < course.items.size(); ++i) {
        UpState& each = course.state(i);
        if (each.phase != Phase::ready || !each.started || each.record.ready) continue;
        const auto now = course.view.find(each.record.id);
        if (!now || now->live() || !now->record.status.known || now->record.status.success() ||
            now->record.ended_by != run::EndedBy::itself)
            continue;
        each.record = now->record;
        each.exit = now->record.status.shell_code();
        course.change(i, Phase::failed, "it was started, and then " + now->verdict.result.sentence());
    }
}

}  // namespace

UpOutcome bring_up(const run::Store& store, UpRequest request, const UpObserver& observer) {
    UpCourse course(store, std::move(request), observer);
    course.gate.begin_work(course.request.interrupt, [&] {
        observer.message("waiting for the end of a sigmund down of this project");
    });
    course.self.began = sys::realtime_ms();
    make_waiting_list(course);
    auto looks = look_at(course.view, course.request);
    for (std::size_t i = 0; i < looks.size(); ++i) course.items[i].look = std::move(looks[i]);
    if (!course.interrupted()) end_changed(course);
    for (std::size_t i = 0; i < course.items.size(); ++i)
        if (course.task(i).chosen && course.state(i).phase == Phase::unused) {
            course.state(i).phase = Phase::waiting;
            course.waiting.set_waits(i, true);
        }
    (void)course.interrupted();
    while (!all_settled(course))
        if (start_what_can(course) && !all_settled(course)) wait_for_change(course);
    if (!course.out.interrupted && !course.out.closed) note_failed(course);
    return std::move(course.out);
}

}  // namespace sigmund::ops
