// SPDX-License-Identifier: Apache-2.0
#include "ops/shell_runs.hpp"

#include <algorithm>

#include "ops/edit.hpp"
#include "run/shell_session.hpp"

namespace sigmund::ops {
namespace {

bool started_earlier(const run::Record& a, const run::Record& b) {
    return a.started_ms != b.started_ms ? a.started_ms < b.started_ms : a.id < b.id;
}

void sort_by_age(std::vector<run::Judged>& runs) {
    std::sort(runs.begin(), runs.end(),
              [](const run::Judged& a, const run::Judged& b) { return started_earlier(a.record, b.record); });
}

}  // namespace

std::vector<run::Judged> live_runs_of_shell(const run::View& view, const std::string& shell) {
    std::vector<run::Judged> out;
    const run::ShellMarks marks(view.store());
    for (const std::string& id : marks.live(shell)) {
        auto run = view.find(id);
        if (run && run->record.shell == shell && !run->record.keep && run->live())
            out.push_back(std::move(*run));
        else
            marks.sweep_live(shell, id, run, view);
    }
    sort_by_age(out);
    return out;
}

std::vector<run::Record> take_ended_runs(const run::Store& store, const std::string& shell) {
    std::vector<run::Record> out;
    const run::ShellMarks marks(store);
    for (const std::string& id : marks.ended(shell)) {
        run::Record record;
        if (store.load(id, run::Depth::full, record) == run::Read::ok && record.shell == shell)
            out.push_back(std::move(record));
        marks.drop_ended(shell, id);
    }
    std::sort(out.begin(), out.end(), started_earlier);
    return out;
}

void forget_notice(const run::Store& store, const run::Record& record) {
    if (!record.shell.empty() && record.shell == run::current_shell()) drop_notice(store, record);
}

void drop_notice(const run::Store& store, const run::Record& record) {
    run::ShellMarks(store).drop_ended(record.shell, record.id);
}

void release_from_shell(const run::Store& store, const std::vector<run::Record>& records) {
    constexpr sys::Millis patience = 250;  // the shell of the user exits only after that
    leave_shell(store, records, patience);
    for (const run::Record& record : records) run::ShellMarks(store).drop_live(record.shell, record.id);
}

std::vector<run::Judged> orphaned_runs(const run::View& view) {
    std::vector<run::Judged> out;
    for (run::Record& record : view.store().list(run::Depth::head)) {
        if (record.shell.empty() || record.keep || run::is_final(record.state) ||
            run::shell_alive(record.shell))
            continue;
        if (run::Judged run = view.judge(std::move(record)); run.live()) out.push_back(std::move(run));
    }
    sort_by_age(out);
    return out;
}

bool orphans_are_news(const run::Store& store, const std::vector<run::Judged>& orphans) {
    std::vector<std::string> ids;
    for (const run::Judged& run : orphans) ids.push_back(run.record.id);
    return run::ShellMarks(store).remember_orphans(ids);
}

}  // namespace sigmund::ops
