// SPDX-License-Identifier: Apache-2.0
// The reaper sends signals to lives, reaps what has ended, and notices when a life is empty. A life is empty
// when no process of it is left. The kernel says so: a subreaper then gets ECHILD. The processes of a worker
// are told apart by MemberScope. Killing goes on until then.
#pragma once
#include "guard/keeper.hpp"
#include "guard/lives.hpp"

namespace sigmund::guard {

class Reaper {
  public:
    Reaper(Lives& lives, Keeper& keeper, Aides& aides) : lives_(lives), keeper_(keeper), aides_(aides) {}

    // Reaps every child that has ended, except the leaders: these stay zombies while others of their life
    // live (see Leader). Posts what the machine must know.
    void reap();
    // Return whether more may have ended than one call of reap() has reaped. take_due() also forgets it.
    bool take_due() { return std::exchange(due_, false); }
    bool due() const { return due_; }

    // Sends a signal to the processes of one member. Returns how many were reached. `by` is as in run::SentSignal.
    int send(Member& member, int signal, run::Reach reach, std::string by);
    void pause(Member& member);
    // terminate() sends the stop signal, then SIGCONT, to every process. sweep() sends it to those that were
    // forked since.
    void terminate(Member& member);
    void sweep(Member& member);
    // Sends SIGKILL to everything until it is gone. Guardians of runs that were started inside this one are
    // asked first and get a moment to record the end of their runs.
    void kill(Member& member);
    // Returns when that moment is over (monotonic ms), or -1 when no guardian has one.
    Millis deadline() const { return nested_.until; }
    void end_nested_if_due(Millis now);

    // Returns whether no process is left once every member has ended. Processes that belonged to no worker of
    // a pool may live on, and the run with them. If the run is being ended they are killed.
    bool all_gone();

    // Raises the priority of this process while children end faster than they are reaped: its processes may be
    // forking as fast as they can.
    void adjust_urgency() { be_urgent(due_); }
    // Resets the priority, since no command may inherit it, nor the niceness that it resets at a fork.
    void calm_down() { be_urgent(false); }

  private:
    void hang_up(Member& member);
    bool take(pid_t pid);
    void note_end(const siginfo_t& info);
    void note_sent(Member& member, int signal, std::string by);
    void note_ordered(Member& member, int signal);
    void look_at_leader(Member& member, Leader& leader);
    void see_end(Member& member, Leader& leader, const siginfo_t& info);
    bool reap_loose();
    bool none_left();
    void check_empty(Member& member);
    bool take_leaders(Member& member);
    void kill_everything(Member& member);
    void bury(Member& member, const siginfo_t& info);
    int bury_all(Member& member, int most, bool& left);
    int bury_covered(Member& member, const Scope& scope, bool& left);
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
