// SPDX-License-Identifier: Apache-2.0
// This file sends signals to a run's processes, from its guardian: to all descendants of the guardian, and to
// no other process. The guardian is a subreaper (prctl(2), PR_SET_CHILD_SUBREAPER), so a process that loses
// its parent becomes its child, and having no children means that no process of the run is left.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "run/protocol.hpp"
#include "sys/clock.hpp"
#include "sys/process.hpp"

namespace sigmund::guard {

// A leader is a first process of the run: the only one of a plain run, or one for each stage of a pipe. It is
// kept unreaped as a zombie while other processes of its life live, so that its number, which is also that of
// its group and its session, cannot be given to another process.
struct Leader {
    pid_t pid = 0;
    sys::ExitStatus status;  // valid once the leader has ended
    bool ended = false;      // it may be a zombie that is not yet reaped
    bool reaped = false;     // the number is free again, so the group must not be signalled by it
};

// One life: from a start to the moment when no process of it is left.
struct Life {
    std::vector<Leader> leaders;  // empty: nothing was started, or everything has gone
    // Pidfds of processes that were signalled outside of the leaders' groups, where the guardian adopts no orphans and
    // could not find them later.
    std::vector<sys::Fd> strays;

    bool begun() const { return !leaders.empty(); }
    bool ended() const;                 // every leader has ended; other processes may live
    Leader* unreaped(pid_t pid);        // the leader with that pid, as long as it is not reaped
    bool has_group(pid_t group) const;  // whether this group is that of a leader that is not reaped
    // As with pipefail: the status of the last stage that failed, else of the last stage.
    sys::ExitStatus status() const;
};

// The direct children of the guardian to which an operation applies: all except its aides, or those of one
// worker. The rule of sys::for_each_child applies: covers() is asked about a process only while that is a
// child.
class Scope {
  public:
    virtual ~Scope() = default;
    // Returns whether the operation applies to this child.
    virtual bool covers(pid_t child) const noexcept = 0;
    virtual bool everything() const noexcept { return false; }  // true when covers() always returns true
};

// The account of what a stop did.
struct Ledger {
    std::vector<pid_t> signalled, exited, killed;
    int escaped = 0;  // processes that were signalled outside the leader's group
    // Each list holds at most this many pids, since a tree that forks can have any number of them.
    static constexpr std::size_t limit = run::pids_limit;
    // Returns false when the list is full.
    static bool note(std::vector<pid_t>& list, pid_t pid) {
        if (list.size() >= limit) return false;
        list.push_back(pid);
        return true;
    }
    int unlisted = 0;  // the number of ended processes that are neither in `exited` nor in `killed`
};

// How long a walk over the processes of a run may take. A tree that forks could be followed for ever.
inline constexpr sys::Millis walk_patience = 1'000;
// The same while children end faster than they are reaped: the newest processes are visited first, and the kill that
// follows must not come too late.
inline constexpr sys::Millis storm_patience = 10;

// Sends `signal` (then `also`, if not 0) once to the leaders (Reach::leader), or to the leaders' groups and,
// with Reach::every, once to each process of the scope outside them, in passes until a pass finds no new
// process. Returns how many processes were reached. With a `patience` (ms) the processes that were not reached until
// then are left out, the oldest ones first.
int send_to_life(Life& life, const Scope& scope, int signal, int also, run::Reach reach, Ledger* ledger,
                 sys::Millis patience = walk_patience);
// Sends the signals, one by one, to the processes of the scope that the ledger does not list as signalled.
void send_to_newcomers(Life& life, const Scope& scope, int signal, int also, Ledger& ledger,
                       sys::Millis patience = walk_patience);

// Sends SIGKILL to every descendant, and to the leaders' groups, before its parents end. It is for a guardian that adopts
// no orphans: what has lost its parent and left its group is not found any more.
void kill_descendants(Life& life, const Scope& scope);

// Sends SIGSTOP to every process, in passes until a pass finds none running.
void pause_life(Life& life, const Scope& scope);

// Returns the guardians of runs that were started inside this one, after sending them SIGQUIT: they kill
// their runs and record the end. The search takes a limited time, since a tree may be forking.
std::vector<pid_t> nested_guardians(const Scope& scope);

// Sends SIGKILL to every direct child of the scope except those in `spare`. Only the first `most` children are looked
// at: the list may grow as fast as it is read.
void kill_pass(const Scope& scope, const std::vector<pid_t>& spare,
               std::size_t most = std::numeric_limits<std::size_t>::max()) noexcept;

}  // namespace sigmund::guard
