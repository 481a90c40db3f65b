// SPDX-License-Identifier: Apache-2.0
#include "run/named_runs.hpp"

#include "run/rescue.hpp"

namespace sigmund::run {

void refuse_if_damaged(const Store& store, const std::string& target, const std::string& id) {
    auto failure = damaged_but_alive(store, id);
    if (!failure) return;
    failure->exit = Exit::usage;
    failure->code = "failed";
    failure->target = target;
    throw *failure;
}

const Judged* NamedRuns::holder_of(const ScopedName& name) {
    const auto id = store_.name_holder(name);
    if (!id) return nullptr;
    const Judged* const run = judge_(*id);
    if (run) return has_name(run->record, name) ? run : nullptr;
    Record record;
    if (store_.load(*id, Depth::head, record) == Read::corrupt) refuse_if_damaged(store_, name.name, *id);
    return nullptr;
}

const Judged* NamedRuns::find_in(const ScopedName& name) {
    if (const Judged* const holder = holder_of(name)) return holder;
    const Judged* found = nullptr;
    for (const Head& head : catalogue_.heads()) {
        if (!has_name(head, name) || (found && head.over)) continue;
        const Judged* const run = judge_(head.id);
        if (!run || !has_name(run->record, name)) continue;
        if (run->live()) return run;
        if (!found) found = run;
    }
    return found;
}

const Judged* NamedRuns::find(const std::string& name) {
    const Judged* const run = find_in(here(name));
    return run || !around_.in_project ? run : find_in({name, ""});
}

bool NamedRuns::can_mean(const std::string& name, const Record& record) const {
    return has_name(record, here(name)) || has_name(record, {name, ""});
}

std::vector<const Judged*> NamedRuns::live_elsewhere(const std::string& name) {
    std::vector<const Judged*> out;
    for (const Head& head : catalogue_.heads()) {
        if (head.name != name || head.over || !head.in_project) continue;
        const Judged* const run = judge_(head.id);
        if (run && run->live() && run->record.name == name && !can_mean(name, run->record))
            out.push_back(run);
    }
    return out;
}

}  // namespace sigmund::run
