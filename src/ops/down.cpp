// SPDX-License-Identifier: Apache-2.0
#include "ops/down.hpp"

#include <algorithm>

namespace sigmund::ops {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::vector<run::Judged> template_runs(const run::View& view, const std::string& project,
                                       const std::vector<std::string>& names,
                                       std::vector<std::string>* unread) {
    std::vector<run::Judged> out;
    for (const run::Record& head : view.store().list(run::Depth::head, unread)) {
        if (head.project != project || run::is_final(head.state)) continue;
        auto run = view.find(head.id);
        if (!run && unread) unread->push_back(head.id);
        if (!run || !(run->live() || run->verdict.unwritten()) || run->record.from.name.empty()) continue;
        if (names.empty() || contains(names, run->record.name) || contains(names, run->record.from.name))
            out.push_back(std::move(*run));
    }
    // Who depends on another run depends on all that this one depends on, too, and so on more runs.
    std::stable_sort(out.begin(), out.end(), [](const run::Judged& a, const run::Judged& b) {
        return a.record.from.depends.size() > b.record.from.depends.size();
    });
    return out;
}

std::vector<run::Record> needing(const run::View& view, const std::string& project, const std::string& name) {
    std::vector<run::Record> out;
    for (run::Judged& run : template_runs(view, project, {}))
        if (contains(run.record.from.depends, name)) out.push_back(std::move(run.record));
    return out;
}

std::vector<std::vector<std::size_t>> dependents_of(const std::vector<run::Judged>& runs) {
    // reaches[i][j]: i depends on j, perhaps over others.
    std::vector<std::vector<bool>> reaches(runs.size(), std::vector<bool>(runs.size(), false));
    for (std::size_t i = 0; i < runs.size(); ++i)
        for (std::size_t j = 0; j < runs.size(); ++j)
            reaches[i][j] = i != j && contains(runs[i].record.from.depends, runs[j].record.from.name);
    for (std::size_t middle = 0; middle < runs.size(); ++middle)
        for (std::size_t i = 0; i < runs.size(); ++i)
            for (std::size_t j = 0; j < runs.size(); ++j)
                reaches[i][j] = reaches[i][j] || (reaches[i][middle] && reaches[middle][j]);
    std::vector<std::vector<std::size_t>> out(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i)
        for (std::size_t j = 0; j < runs.size(); ++j)
            if (i != j && reaches[i][j] && !reaches[j][i]) out[j].push_back(i);
    return out;
}

}  // namespace sigmund::ops
