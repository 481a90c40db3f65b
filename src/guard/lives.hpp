// SPDX-License-Identifier: Apache-2.0
// The members of a run, their pending events, and how the run is being ended, if it is. This file starts,
// signals and writes nothing: events go in, orders come out.
#pragma once
#include <signal.h>

#include <functional>
#include <vector>

#include "guard/member.hpp"

namespace sigmund::guard {

// The end of the run as it was requested, and the account of what the last request did.
struct Ending {
    bool begun = false;         // the run is to end, so what belongs to no worker ends, too
    Cause cause = Cause::none;  // the first request decides
    bool quit = false;          // it was SIGQUIT to the guardian, which kills
    int signal = SIGTERM;       // what a stop sends
    Ledger ledger;
};

class Lives {
  public:
    // `workers` is the size of the pool, or 0 without a pool.
    Lives(int workers, Policy policy, int stop_signal);
    Lives(const Lives&) = delete;  // events point to members
    Lives& operator=(const Lives&) = delete;

    std::vector<Member>& members() { return members_; }
    const std::vector<Member>& members() const { return members_; }
    const Policy& policy() const { return policy_; }
    Ending& ending() { return ending_; }
    const Ending& ending() const { return ending_; }

    // Post an event for one member, or for all of them. A restart that is asked for again before the first
    // one was handled is one restart.
    void post(Member& member, const Event& event) { posts_.push_back({&member, event}); }
    void post(const Event& event);
    bool pending() const { return !posts_.empty() || !held_.empty(); }

    // Returns what the machine orders after the pending events. Events for a member that is about to start
    // are held until the next call, after those that the start posts: they belong to its new life. `turned`
    // is called when the first member begins to run or the last one ceases to.
    struct Due {
        Member* member;
        unsigned orders;
    };
    std::vector<Due> step(Millis now, const std::function<void(bool running)>& turned);

    // deadline() returns the first deadline of a member (monotonic ms; -1: none). post_due() posts those that
    // have come.
    Millis deadline() const;
    void post_due(Millis now);

    // Returns the member and the leader that still have this number, or nullptr.
    Member* member_of_leader(pid_t pid, Leader** leader);
    // Returns where to count what this child has used, before it is reaped. Processes that left the session of their
    // worker are counted for the run only.
    sys::Consumption& account_of(pid_t child);
    // Returns what the run has used in all its lives.
    sys::Consumption used() const;

    bool running() const;   // some member runs
    bool clearing() const;  // some life is being ended
    bool over() const;      // every member has ended
    bool pool() const { return members_[0].worker >= 0; }
    // Returns whether no leader runs and none comes back.
    bool leaders_over() const;
    // Returns whether every requested restart is done, or the member has ended.
    bool restarted() const;
    // Returns whether no member can be executed now and each waits for its next attempt.
    bool not_executed() const;
    bool between_lives() const;
    // Returns the exit status of the run. For a pool: that of the first worker that failed, if any did.
    sys::ExitStatus status() const;
    // Returns what ended the run. For a pool: what ended the first worker that was ended by something.
    Cause cause_of_end() const;

  private:
    struct Post {
        Member* member;
        Event event;
    };
    std::vector<Member> members_;
    std::vector<Post> posts_, held_;
    Policy policy_;
    Ending ending_;
    sys::Consumption others_;  // used by processes of a pool that belong to no worker
};

}  // namespace sigmund::guard
