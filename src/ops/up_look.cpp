// SPDX-License-Identifier: Apache-2.0
// What `up` has to do, found from the runs that live and from those that are over.
#include "ops/up_look.hpp"

#include <algorithm>
#include <utility>

#include "ops/take_name.hpp"
#include "stack/differences.hpp"

namespace sigmund::ops {
namespace {

using Act = UpLook::Act;

std::vector<std::string> differences(const run::FromTemplate& before, const UpTask& task) {
    if (before.stated.empty()) return {};
    const std::string now = task.source.stated();
    const auto then = stack::Stated::from_json(before.stated), stated = stack::Stated::from_json(now);
    if (!then || !stated || now.empty()) return {};
    return stack::differences(*then, *stated);
}

// Returns the newest run of each name that was started from a template of this project and is over.
std::map<std::string, run::Record> newest_steps(const run::View& view, const UpRequest& request) {
    std::map<std::string, run::Record> out;
    for (run::Record& head : view.store().list(run::Depth::head)) {
        if (head.name.empty() || head.project != request.project || !run::is_final(head.state)) continue;
        const bool wanted = std::any_of(request.tasks.begin(), request.tasks.end(), [&](const UpTask& task) {
            return task.from.once && task.name == head.name;
        });
        if (!wanted) continue;
        const auto known = out.find(head.name);
        if (known != out.end() && known->second.started_ms >= head.started_ms) continue;
        out[head.name] = std::move(head);
    }
    for (auto& [name, record] : out) {
        run::Record whole;
        if (view.store().load(record.id, run::Depth::full, whole) == run::Read::ok) record = std::move(whole);
    }
    return out;
}

bool starts(const UpLook& look) {
    return look.act == Act::start || look.act == Act::restart || look.act == Act::run_step;
}

// A run whose template has changed is restarted, and so are the live ones that depend on it, over others, too: a step
// between the two is over.
void spread_restarts(UpRequest& request, std::vector<UpLook>& looks) {
    std::vector<std::string> restarted_before(looks.size());
    for (std::size_t i = 0; i < looks.size(); ++i) {
        for (const std::size_t other : request.tasks[i].depends)
            if (restarted_before[i].empty())
                restarted_before[i] =
                    looks[other].act == Act::restart ? request.tasks[other].name : restarted_before[other];
        if (restarted_before[i].empty() || !looks[i].live || looks[i].act == Act::restart) continue;
        if (!std::exchange(request.tasks[i].chosen, true))
            looks[i].differences = differences(looks[i].live->record.from, request.tasks[i]);
        looks[i].act = Act::restart;
        looks[i].because = restarted_before[i];
    }
    // What such a run depends on must be there when it starts again.
    for (std::size_t i = looks.size(); i-- > 0;) {
        if (!request.tasks[i].chosen) continue;
        for (const std::size_t other : request.tasks[i].depends) {
            if (std::exchange(request.tasks[other].chosen, true)) continue;
            looks[other].act = looks[other].live                ? Act::keep
                               : request.tasks[other].from.once ? Act::skip_step
                                                                : Act::start;
        }
    }
}

// Returns for each task whether something that a step depends on, over other steps, too, is about to start, or has
// started since the step was done. What a service has in memory is lost then, so that the step has to run once more.
std::vector<bool> on_new_ground(const UpRequest& request, const std::vector<UpLook>& looks) {
    std::vector<bool> out(looks.size(), false);
    // When the newest service that a step depends on has started; realtime ms.
    std::vector<sys::Millis> newest(looks.size(), 0);
    for (std::size_t i = 0; i < looks.size(); ++i)
        for (const std::size_t other : request.tasks[i].depends) {
            if (request.tasks[other].from.once) {
                out[i] = out[i] || out[other];
                newest[i] = std::max(newest[i], newest[other]);
            } else {
                out[i] = out[i] || (request.tasks[other].chosen && starts(looks[other]));
                if (looks[other].live) newest[i] = std::max(newest[i], looks[other].live->record.started_ms);
            }
            if (looks[i].last && newest[i] > looks[i].last->started_ms) out[i] = true;
        }
    return out;
}

}  // namespace

std::map<std::string, std::string> renamed_runs(const run::View& view, const std::string& project) {
    std::map<std::string, std::string> out;
    for (const run::Record& head : view.store().list(run::Depth::head)) {
        if (head.project != project || run::is_final(head.state)) continue;
        run::Record record;
        if (view.store().load(head.id, run::Depth::full, record) != run::Read::ok) continue;
        const std::string from = record.from.name;
        if (from.empty() || record.name == from || !view.judge(std::move(record)).live()) continue;
        out[from] = head.id;
    }
    return out;
}

bool was_done(const run::Record& record) {
    return record.result == run::Result::of(sys::ExitStatus::exited(0)) &&
           record.ended_by == run::EndedBy::itself;
}

bool step_counts(const UpTask& task, const run::Record& last) {
    return was_done(last) && differences(last.from, task).empty();
}

run::ScopedName scoped_name(const UpRequest& request, std::size_t task) {
    return {request.tasks[task].name, request.in_project ? request.project : ""};
}

std::optional<run::Judged> live_run(const run::Store& store, const run::ScopedName& name) {
    const run::View view = run::View::of(store);
    auto record = holder_of(view, name);
    if (!record && !name.project.empty()) {
        // A run of an older version has its name in the shared scope.
        record = holder_of(view, {name.name, ""});
        if (record && record->project != name.project) return std::nullopt;
    }
    if (!record) return std::nullopt;
    run::Judged run = view.judge(std::move(*record));
    if (!run.live()) return std::nullopt;
    return run;
}

std::vector<UpLook> look_at(const run::View& view, UpRequest& request) {
    std::vector<UpTask>& tasks = request.tasks;
    std::vector<UpLook> looks(tasks.size());
    const auto last = newest_steps(view, request);
    const auto renamed = renamed_runs(view, request.project);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        UpLook& look = looks[i];
        look.live = live_run(view.store(), scoped_name(request, i));
        const auto other = renamed.find(tasks[i].from.name);
        if (!look.live && other != renamed.end() && !(request.other_name && tasks[i].named))
            look.live = view.find(other->second);
        if (const auto found = last.find(tasks[i].name); found != last.end()) look.last = found->second;
        if (!tasks[i].chosen) continue;
        if (look.live) look.differences = differences(look.live->record.from, tasks[i]);
        if (look.live && look.live->verdict.state == run::State::stopping)
            look.act = tasks[i].from.once ? Act::skip_step : Act::start;  // once it is gone
        else if (look.live)
            look.act = tasks[i].renewed || (!look.differences.empty() && !request.keep_changed) ? Act::restart
                                                                                                : Act::keep;
        else if (!tasks[i].from.once)
            look.act = Act::start;
        else
            look.act = Act::skip_step;
    }
    spread_restarts(request, looks);
    const std::vector<bool> anew = on_new_ground(request, looks);
    // From those that depend on others to those that do not: a step runs for what is about to start.
    for (std::size_t i = tasks.size(); i-- > 0;) {
        UpLook& look = looks[i];
        if (look.act != Act::skip_step) continue;
        bool needed = tasks[i].named || anew[i] || !look.last || !step_counts(tasks[i], *look.last);
        if (look.last) look.differences = differences(look.last->from, tasks[i]);
        for (std::size_t j = i + 1; j < tasks.size() && !needed; ++j)
            needed = starts(looks[j]) &&
                     std::find(tasks[j].depends.begin(), tasks[j].depends.end(), i) != tasks[j].depends.end();
        if (needed) look.act = Act::run_step;
    }
    return looks;
}

}  // namespace sigmund::ops
