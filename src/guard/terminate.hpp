// SPDX-License-Identifier: Apache-2.0
// Signals to a run's processes, from its guardian: to all that descend from it, and to nobody else. The
// guardian is a subreaper (prctl(2), PR_SET_CHILD_SUBREAPER), so what loses its parent becomes its child, and
// "no child left" means that nothing of the run is left.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "sys/process.hpp"

namespace sigmund::guard {

// One life of the run: its leader, kept unreaped as a zombie while others of the run live, so that its
// number, which is the group's and the session's too, cannot be given to a stranger.
struct Life {
    pid_t leader = 0;
    sys::Fd pidfd;
    bool ended = false;   // the leader has; it may still be an unreaped zombie
    bool reaped = false;  // the number is free again: the group must not be signalled by it
};

// Proof of what a stop did.
struct Ledger {
    std::vector<pid_t> signalled, exited, killed;
    int escaped = 0;  // processes signalled outside the leader's group
    // At most this many pids are kept of each kind: a forking tree has no end of them.
    static constexpr std::size_t limit = 1000;
    static void note(std::vector<pid_t>& list, pid_t pid) {
        if (list.size() < limit) list.push_back(pid);
    }
};

enum class Reach : std::uint8_t { leader, group, every };

// Sends `signal` (then `also`, if not 0) once to the leader's group and, with Reach::every, once to each
// process of the run outside it, in passes until one finds none new. Returns how many processes were reached.
int send_to_life(const Life& life, int signal, int also, Reach reach, Ledger* ledger);

// SIGSTOP to every process, in passes until one finds none running.
void pause_life(const Life& life);

// Direct children that are guardians of runs started inside this one: asked first, they record their own end.
std::vector<pid_t> nested_guardians();

// SIGKILL to every direct child except those in `spare`.
void kill_pass(const std::vector<pid_t>& spare) noexcept;

}  // namespace sigmund::guard
