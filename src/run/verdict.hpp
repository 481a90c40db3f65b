// SPDX-License-Identifier: Apache-2.0
// What a record and the kernel's facts together say of a run. The judgement is pure; the facts are gathered
// apart.
#pragma once
#include <string>

#include "run/census.hpp"
#include "run/record.hpp"
#include "run/store.hpp"

namespace sigmund::run {

struct Facts {
    bool lock_held = false;  // a guardian (or a launcher) lives
    bool same_boot = true;
    bool same_pid_namespace = true;
    LeaderFact leader = LeaderFact::gone;
    bool leader_stopped = false;   // its state is T
    bool has_members = false;      // any living, proven process of the run
    bool group_reused = false;     // unproven processes sit in its group or session
    bool numbers_possible = true;  // see below
};

struct Verdict {
    State state = State::lost;
    Result result;
    bool guardian_alive = false;
    std::string why;  // for stale: what does not match, for people

    bool live() const { return is_live(state); }
};

// Pure: whether a run can have these process numbers at all. A leader begins a session, so its group and its
// session carry its own number (setsid(2)); 0, 1 and negative numbers stand for many processes in kill(2).
// Version 1 records may lack the session.
bool numbers_possible(const Record& record);

// Pure: the state of a run.
Verdict judge(const Record& record, const Facts& facts);

// The facts of a record now. Looks at no more than its state needs; records that are over cost nothing.
Facts observe(const Record& record, const Store& store, const Census& census);

// Both. Between two lives a run has no process for a moment, and its record may have been read before that:
// then it is looked at again.
Verdict verdict_of(const Record& record, const Store& store, const Census& census);

}  // namespace sigmund::run
