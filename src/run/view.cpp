// SPDX-License-Identifier: Apache-2.0
#include "run/view.hpp"

#include <unistd.h>

namespace sigmund::run {

View View::open() {
    View view(Store::open());
    view.census();
    return view;
}

Census& View::census() const {
    if (!census_) census_.emplace();
    return *census_;
}

// Gathers no more than the state of the record requires: a run that is over costs nothing.
Facts View::observe(const Record& record) const {
    Facts facts;
    if (is_final(record.state)) return facts;
    const Census& processes = census();
    facts.lock_held = store().id_locked(record.id);
    facts.numbers_possible = numbers_possible(record);
    facts.same_boot = processes.same_boot(record);
    facts.same_pid_namespace = processes.same_pid_namespace(record);
    if (!facts.numbers_possible || !facts.same_boot || !facts.same_pid_namespace) return facts;
    // The lock file may have been removed or replaced. Then the guardian's process proves that it lives.
    if (!facts.lock_held) facts.lock_held = processes.guardian_proven(record);
    char state = '?';
    facts.leader = processes.leader(record, &state);
    if (facts.leader == LeaderFact::alive) {
        facts.leader_stopped = state == 'T';
        return facts;
    }
    facts.has_members = processes.has_members(record);
    if (!facts.has_members && !facts.lock_held && facts.leader == LeaderFact::gone)
        facts.group_reused = processes.group_reused(record);
    return facts;
}

Judged View::judge(Record record) const {
    Judged run{std::move(record), {}};
    run.verdict = run::judge(run.record, observe(run.record));
    const auto read_again = [&] {
        Record now;
        if (store().load(run.record.id, Depth::full, now) != Read::ok) return false;
        const bool changed = now.state != run.record.state;
        run.record = std::move(now);
        return changed;
    };
    // Between two lives a run has no process for a moment, and the record may have been read before that
    // moment. So a run that seems to have ended without a result is checked again.
    for (int look = 0; look < 3 && run.verdict.unwritten(); ++look) {
        if (look > 0) ::usleep(2000);
        read_again();
        run.verdict = run::judge(run.record, observe(run.record));
    }
    if (is_final(run.record.state) || run.live() || run.verdict.unwritten()) return run;
    // The guardian may have written the end and exited after the record was read and before its lock was
    // checked.
    if (read_again()) run.verdict = run::judge(run.record, observe(run.record));
    return run;
}

void View::look_again(Judged& run) const {
    census().refresh();
    Record now;
    const bool readable = store().load(run.record.id, Depth::full, now) == Read::ok;
    run = judge(readable ? std::move(now) : std::move(run.record));
}

std::optional<Judged> View::find(const std::string& id, Depth depth) const {
    Record record;
    if (store().load(id, depth, record) != Read::ok) return std::nullopt;
    return judge(std::move(record));
}

}  // namespace sigmund::run
