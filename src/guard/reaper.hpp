// SPDX-License-Identifier: Apache-2.0
// The reaper sends signals to lives, takes what has ended, and sees when a life is empty. A life is empty when
// no process of it is left: the kernel says so (ECHILD of a subreaper); the processes of a worker are told
// apart (MemberScope). Killing goes on until then.
#pragma once
#include "guard/keeper.hpp"
#include "guard/lives.hpp"

namespace sigmund::guard {

class Reaper {
  public:
    Reaper(Lives& lives, Keeper& keeper, Aides& aides) : lives_(lives), keeper_(keeper), aides_(aides) {}

    // Takes every child that has ended, but for the leaders: these stay zombies while others of their life
    // live (see Leader). Posts what the machine must know.
    void reap();
    // Whether more may have ended than one call of reap() has taken; asking forgets it.
    bool take_due() { return std::exchange(due_, false); }
    bool due() const { return due_; }

    // A signal to the processes of one member. Returns how many were reached.
    int send(Member& member, int signal, run::Reach reach);
    void pause(Member& member);
    // The stop signal, then SIGCONT, to every process; sweep() sends it to those that have come since.
    void terminate(Member& member);
    void sweep(Member& member);
    // SIGKILL to everything until it is gone. Guardians of runs that were started inside this one are asked
    // first and get a moment to record the end of theirs.
    void kill(Member& member);
    // When that moment is over, monotonic ms; -1: nobody has one.
    Millis deadline() const { return nested_.until; }
    void end_nested_if_due(Millis now);

    // Whether no process is left, once every member has ended. What no worker of a pool owned may live on, and
    // the run with it, unless it is being ended: then it is killed.
    bool all_gone();

    // Raises the priority of this process while a life is being ended, because its processes may be forking as
    // fast as they can, and while children end faster than they are taken.
    void adjust_urgency() { be_urgent(lives_.clearing() || due_); }
    // Neither this priority nor what it resets at a fork (niceness) is for a command to inherit.
    void calm_down() { be_urgent(false); }

  private:
    void take(pid_t pid);
    void note_end(const siginfo_t& info);
    void look_at_leader(Member& member, Leader& leader);
    void see_end(Member& member, Leader& leader, const siginfo_t& info);
    bool reap_loose();
    bool none_left();
    void check_empty(Member& member);
    bool take_leaders(Member& member);
    void kill_everything(Member& member);
    void bury(Member& member, const siginfo_t& info);
    bool bury_all(Member& member, bool& left);
    bool bury_covered(Member& member, const Scope& scope, bool& left);
    void be_urgent(bool urgent);

    // Guardians of runs inside this one, which are spared for a moment.
    struct Nested {
        std::vector<pid_t> pids;
        Millis until = -1;
    };
    Lives& lives_;
    Keeper& keeper_;
    Aides& aides_;
    Nested nested_;
    bool due_ = false;
    bool urgent_ = false;
};

}  // namespace sigmund::guard
