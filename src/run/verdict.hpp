// SPDX-License-Identifier: Apache-2.0
// The state of a run, judged from its record and from what the kernel reports. The judgement is pure.
// run/view gathers the facts.
#pragma once
#include <string>

#include "run/census.hpp"
#include "run/record.hpp"

namespace sigmund::run {

struct Facts {
    bool lock_held = false;  // a guardian or a launcher lives
    bool same_boot = true;
    bool same_pid_namespace = true;
    LeaderFact leader = LeaderFact::gone;
    bool leader_stopped = false;   // its state is T
    bool has_members = false;      // a living process is proven to belong to the run
    bool group_reused = false;     // unproven processes have its group or its session
    bool numbers_possible = true;  // see numbers_possible()
};

struct Verdict {
    State state = State::lost;
    Result result;
    bool guardian_alive = false;
    std::string why;  // for `stale`: what does not match, for people

    bool live() const { return is_live(state); }
    // Returns whether every process has ended while the guardian has not written the result yet: it is busy
    // or frozen, or the disk is full.
    bool unwritten() const { return guardian_alive && result == Result::pending; }
};

// A record with its verdict. Commands work with this.
struct Judged {
    Record record;
    Verdict verdict;

    bool live() const { return verdict.live(); }
};

// Returns whether a run can have these process numbers at all. A leader begins a session, so its group and
// its session have its own number (setsid(2)). 0, 1 and negative numbers mean many processes in kill(2).
// Records of version 1 may lack the session.
bool numbers_possible(const Record& record);

// Returns the state of a run.
Verdict judge(const Record& record, const Facts& facts);

}  // namespace sigmund::run
