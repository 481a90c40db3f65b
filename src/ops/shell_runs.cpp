// SPDX-License-Identifier: Apache-2.0
#include "ops/shell_runs.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "ops/edit.hpp"
#include "run/shell_session.hpp"
#include "run/shell_stores.hpp"

namespace sigmund::ops {
namespace {

bool started_earlier(const run::Record& a, const run::Record& b) {
    return a.started_ms != b.started_ms ? a.started_ms < b.started_ms : a.id < b.id;
}

const run::Record& record_of(const run::Record& record) {
    return record;
}
const run::Record& record_of(const run::Judged& run) {
    return run.record;
}

// The store is absent when it cannot be used: the shell that exits, or shows a prompt, knows nothing of it.
run::Store store_of_the_moment() {
    try {
        return run::Store::open();
    } catch (const std::exception&) {
        return run::Store::absent();
    }
}

template <typename Run>
using Found = std::vector<std::pair<Run, const run::View*>>;

template <typename Run>
RunsOfShell<Run> by_age(Found<Run> found) {
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return started_earlier(record_of(a.first), record_of(b.first));
    });
    RunsOfShell<Run> out;
    for (auto& [run, view] : found) {
        out.runs.push_back(std::move(run));
        out.views.push_back(view);
    }
    return out;
}

}  // namespace

std::vector<run::View> views_of_shell(const std::string& shell) {
    std::vector<run::View> views;
    views.emplace_back(store_of_the_moment());
    for (run::Store& other : run::other_stores(views[0].store(), shell)) views.emplace_back(std::move(other));
    return views;
}

RunsOfShell<run::Judged> live_runs_of_shell(const std::vector<run::View>& views, const std::string& shell) {
    Found<run::Judged> found;
    for (const run::View& view : views) {
        const run::ShellMarks marks(view.store());
        for (const std::string& id : marks.live(shell)) {
            auto run = view.find(id);
            if (run && run->record.shell == shell && !run->record.keep && run->live())
                found.emplace_back(std::move(*run), &view);
            else
                marks.sweep_live(shell, id, run, view);
        }
    }
    return by_age(std::move(found));
}

RunsOfShell<run::Record> take_ended_runs(const std::vector<run::View>& views, const std::string& shell) {
    Found<run::Record> found;
    for (const run::View& view : views) {
        const run::ShellMarks marks(view.store());
        for (const std::string& id : marks.ended(shell)) {
            run::Record record;
            if (view.store().load(id, run::Depth::full, record) == run::Read::ok && record.shell == shell)
                found.emplace_back(std::move(record), &view);
            marks.drop_ended(shell, id);
        }
    }
    run::drop_dead_links(shell);
    return by_age(std::move(found));
}

void forget_notice(const run::Store& store, const run::Record& record) {
    if (!record.shell.empty() && record.shell == run::current_shell()) drop_notice(store, record);
}

void drop_notice(const run::Store& store, const run::Record& record) {
    run::ShellMarks(store).drop_ended(record.shell, record.id);
    run::drop_dead_links(record.shell);
}

void release_from_shell(const run::Store& store, const std::vector<run::Record>& records,
                        sys::Millis patience) {
    leave_shell(store, records, patience);
    for (const run::Record& record : records) run::ShellMarks(store).drop_live(record.shell, record.id);
    if (!records.empty()) run::drop_dead_links(records[0].shell);
}

std::vector<run::Judged> orphaned_runs(const run::View& view) {
    std::vector<run::Judged> out;
    for (run::Record& record : view.store().list(run::Depth::head)) {
        if (record.shell.empty() || record.keep || run::is_final(record.state) ||
            run::shell_alive(record.shell))
            continue;
        if (run::Judged run = view.judge(std::move(record)); run.live()) out.push_back(std::move(run));
    }
    std::sort(out.begin(), out.end(),
              [](const run::Judged& a, const run::Judged& b) { return started_earlier(a.record, b.record); });
    return out;
}

bool orphans_are_news(const run::Store& store, const std::vector<run::Judged>& orphans) {
    std::vector<std::string> ids;
    ids.reserve(orphans.size());
    for (const run::Judged& run : orphans) ids.push_back(run.record.id);
    return run::ShellMarks(store).remember_orphans(ids);
}

}  // namespace sigmund::ops
