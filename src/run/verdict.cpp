// SPDX-License-Identifier: Apache-2.0
#include "run/verdict.hpp"

#include <unistd.h>

namespace sigmund::run {

bool numbers_possible(const Record& record) {
    if (record.pid <= 1 || record.pgid <= 1 || record.sid <= 1) return false;
    if (record.guardian_pid == 1 || record.guardian_pid < 0) return false;
    return record.version < record_version || (record.pgid == record.pid && record.sid == record.pid);
}

Verdict judge(const Record& record, const Facts& facts) {
    Verdict v;
    v.state = record.state;
    v.result = record.result;
    v.guardian_alive = facts.lock_held;
    if (is_final(record.state)) {
        v.guardian_alive = false;  // it may linger a moment to answer, but the run is over
        return v;
    }
    const auto stale = [&](std::string why) {
        v.state = State::stale;
        v.why = std::move(why);
        return v;
    };
    if (!facts.numbers_possible)
        return stale("its record is damaged: no run has process " + std::to_string(record.pid) + ", group " +
                     std::to_string(record.pgid) + ", session " + std::to_string(record.sid) +
                     " and guardian " + std::to_string(record.guardian_pid));
    if (!facts.same_boot) return stale("it was recorded before this machine was booted");
    if (!facts.same_pid_namespace) return stale("it was recorded in another PID namespace");
    const bool leader_lives = facts.leader == LeaderFact::alive;
    if (facts.lock_held) {
        const bool waits = record.state == State::backoff || record.state == State::watching;
        if (waits || leader_lives || facts.has_members) return v;
        // Everything has ended, and its guardian has not written the result yet: it is busy, frozen, or the
        // disk is full.
        v.state = State::exited;
        v.result = Result::pending;
        return v;
    }
    v.result = Result::none;
    if (leader_lives || facts.has_members) {
        v.state = facts.leader_stopped ? State::paused : State::running;
        return v;
    }
    if (facts.leader == LeaderFact::stranger)
        return stale("its process number now belongs to another process");
    if (facts.group_reused) return stale("its group number now belongs to other processes");
    v.result = Result::unknown;
    v.state = record.version < record_version ? State::exited : State::lost;
    return v;
}

Facts observe(const Record& record, const Store& store, const Census& census) {
    Facts facts;
    if (is_final(record.state)) return facts;
    facts.lock_held = store.id_locked(record.id);
    facts.numbers_possible = numbers_possible(record);
    facts.same_boot = census.same_boot(record);
    facts.same_pid_namespace = census.same_pid_namespace(record);
    if (!facts.numbers_possible || !facts.same_boot || !facts.same_pid_namespace) return facts;
    // Its lock file may have been removed or replaced: then the process itself proves that it lives.
    if (!facts.lock_held) facts.lock_held = census.guardian_proven(record);
    char state = '?';
    facts.leader = census.leader(record, &state);
    if (facts.leader == LeaderFact::alive) {
        facts.leader_stopped = state == 'T';
        return facts;
    }
    facts.has_members = !census.members(record).empty();
    if (!facts.has_members && !facts.lock_held && facts.leader == LeaderFact::gone)
        facts.group_reused = census.group_reused(record);
    return facts;
}

Verdict verdict_of(const Record& record, const Store& store, const Census& census) {
    Verdict verdict = judge(record, observe(record, store, census));
    for (int look = 0; look < 3 && verdict.guardian_alive && verdict.result == Result::pending; ++look) {
        if (look > 0) ::usleep(2000);
        Record now;
        if (store.load(record.id, Depth::full, now) != Read::ok) break;
        verdict = judge(now, observe(now, store, census));
    }
    return verdict;
}

}  // namespace sigmund::run
