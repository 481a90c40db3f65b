// SPDX-License-Identifier: Apache-2.0
// What `up` has to do, found from the runs that live and from those that are over.
#include <algorithm>
#include <map>
#include <utility>

#include "ops/take_name.hpp"
#include "ops/up.hpp"
#include "stack/differences.hpp"

namespace sigmund::ops {
namespace {

using Act = UpLook::Act;

std::vector<std::string> differences(const run::FromTemplate& before, const run::FromTemplate& now) {
    const auto then = stack::Stated::from_json(before.stated), stated = stack::Stated::from_json(now.stated);
    if (!then || !stated || before.stated.empty() || now.stated.empty()) return {};
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
        request.tasks[i].chosen = true;
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

}  // namespace

bool was_done(const run::Record& record) {
    return record.result == run::Result::of(sys::ExitStatus::exited(0)) &&
           record.ended_by == run::EndedBy::itself;
}

bool step_counts(const UpTask& task, const run::Record& last) {
    return was_done(last) && differences(last.from, task.from).empty();
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
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        UpLook& look = looks[i];
        look.live = live_run(view.store(), scoped_name(request, i));
        if (const auto found = last.find(tasks[i].name); found != last.end()) look.last = found->second;
        if (look.live) look.differences = differences(look.live->record.from, tasks[i].from);
        if (!tasks[i].chosen) continue;
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
    // From those that depend on others to those that do not: a step runs for what is about to start.
    for (std::size_t i = tasks.size(); i-- > 0;) {
        UpLook& look = looks[i];
        if (look.act != Act::skip_step) continue;
        bool needed = tasks[i].named || !look.last || !step_counts(tasks[i], *look.last);
        if (look.last) look.differences = differences(look.last->from, tasks[i].from);
        for (std::size_t j = i + 1; j < tasks.size() && !needed; ++j)
            needed = starts(looks[j]) &&
                     std::find(tasks[j].depends.begin(), tasks[j].depends.end(), i) != tasks[j].depends.end();
        if (needed) look.act = Act::run_step;
    }
    return looks;
}

}  // namespace sigmund::ops
