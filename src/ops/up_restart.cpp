// SPDX-License-Identifier: Apache-2.0
// Stops the runs whose template has changed, and those that depend on them, before they are started again.
#include "ops/down.hpp"
#include "ops/shell_runs.hpp"
#include "ops/stop.hpp"
#include "ops/up_course.hpp"
#include "run/label.hpp"

namespace sigmund::ops {
namespace {

void tell_kept(const UpCourse& course) {
    for (const UpItem& item : course.items)
        if (item.look.act == UpLook::Act::keep)
            for (const std::string& difference : item.look.differences)
                course.observer.message(label(item.look.live->record) +
                                        " keeps running, although its template has changed: " + difference);
}

void tell_restarted(const UpCourse& course, const UpLook& look) {
    const std::string name = label(look.live->record);
    for (const std::string& difference : look.differences)
        course.observer.message(name + " is restarted, since its template has changed: " + difference);
    if (look.differences.empty() && !look.because.empty())
        course.observer.message(name + " is restarted, since it depends on " + look.because);
}

// Says what became of a stop that did not end the run.
void tell_not_stopped(UpCourse& course, std::size_t i, const StopOutcome& outcome) {
    const run::Record& record = course.items[i].look.live->record;
    if (outcome.outcome != run::Outcome::none)
        return course.fail(i, run::Failure(outcome.exit, "survivors",
                                           "its run " + record.id + " could not be stopped: " + outcome.why));
    // The user has interrupted.
    if (!outcome.record.id.empty())
        return course.change(i, Phase::cancelled, label(record) + " is still being stopped");
    course.state(i).record = record;
    course.change(i, Phase::cancelled, label(record) + " keeps running as it was");
}

}  // namespace

void end_changed(UpCourse& course) {
    std::vector<std::size_t> which;
    std::vector<run::Judged> runs;
    for (std::size_t i = course.items.size(); i-- > 0;)
        if (course.items[i].look.act == UpLook::Act::restart) {
            which.push_back(i);
            runs.push_back(*course.items[i].look.live);
        }
    tell_kept(course);
    if (which.empty()) return;
    for (auto each = which.rbegin(); each != which.rend(); ++each)  // a cause before its effects
        tell_restarted(course, course.items[*each].look);
    const auto outcomes =
        stop_in_order(course.view, runs, dependents_of(runs),
                      {.reason = run::EndedBy::replace, .interrupt = course.request.interrupt});
    for (std::size_t at = 0; at < which.size(); ++at) {
        const StopOutcome& outcome = outcomes[at];
        if (outcome.outcome != run::Outcome::none) forget_notice(course.store(), outcome.record);
        if (outcome.outcome == run::Outcome::none || outcome.exit != run::Exit::done)
            tell_not_stopped(course, which[at], outcome);
    }
}

}  // namespace sigmund::ops
