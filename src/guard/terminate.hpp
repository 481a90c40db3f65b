// SPDX-License-Identifier: Apache-2.0
// Signals to a run's processes, from its guardian: to all that descend from it, and to nobody else. The
// guardian is a subreaper (prctl(2), PR_SET_CHILD_SUBREAPER), so what loses its parent becomes its child, and
// "no child left" means that nothing of the run is left.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "run/reach.hpp"
#include "sys/process.hpp"

namespace sigmund::guard {

// A first process of the run: of a plain run the one, of a pipe one a stage. It is kept unreaped as a zombie
// while others of its life live, so that its number, which is the group's and the session's too, cannot be
// given to a stranger.
struct Leader {
    pid_t pid = 0;
    sys::Fd pidfd;
    sys::ExitStatus status;  // once it has ended
    bool ended = false;      // it may still be an unreaped zombie
    bool reaped = false;     // the number is free again: the group must not be signalled by it
};

// One life: from a start to the moment when nothing of it is left.
struct Life {
    std::vector<Leader> leaders;  // none: nothing was started, or all is gone

    bool begun() const { return !leaders.empty(); }
    bool ended() const;                 // every leader has; others may live
    Leader* unreaped(pid_t pid);        // the leader of that number, while the number is its own
    bool has_group(pid_t group) const;  // whether a leader's number, still its own, is this group
    // pipefail: the last stage that failed, else the last one.
    sys::ExitStatus status() const;
};

// Which direct children of the guardian a deed is for: all but its aides, or those of one worker. Its law is
// that of sys::for_each_child: asked about a child, while that is a child.
class Scope {
  public:
    virtual ~Scope() = default;
    virtual bool covers(pid_t child) const noexcept = 0;
    virtual bool everything() const noexcept { return false; }  // covers() is always true
};

// Proof of what a stop did.
struct Ledger {
    std::vector<pid_t> signalled, exited, killed;
    int escaped = 0;  // processes signalled outside the leader's group
    // At most this many pids are kept of each kind: a forking tree has no end of them.
    static constexpr std::size_t limit = 1000;
    // False: the list is full.
    static bool note(std::vector<pid_t>& list, pid_t pid) {
        if (list.size() >= limit) return false;
        list.push_back(pid);
        return true;
    }
    int unlisted = 0;  // so many have ended that are neither in `exited` nor in `killed`
};

// Sends `signal` (then `also`, if not 0) once to the leaders' groups and, with Reach::every, once to each
// process of the scope outside them, in passes until one finds none new. Returns how many processes were
// reached.
int send_to_life(Life& life, const Scope& scope, int signal, int also, run::Reach reach, Ledger* ledger);
// The same, one by one, to the processes of the scope that the ledger does not know as signalled.
void send_to_newcomers(Life& life, const Scope& scope, int signal, int also, Ledger& ledger);

// SIGSTOP to every process, in passes until one finds none running.
void pause_life(Life& life, const Scope& scope);

// Guardians of runs started inside this one: asked first, they record their own end.
std::vector<pid_t> nested_guardians(const Scope& scope);

// SIGKILL to every direct child of the scope except those in `spare`.
void kill_pass(const Scope& scope, const std::vector<pid_t>& spare) noexcept;

}  // namespace sigmund::guard
