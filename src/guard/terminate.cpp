// SPDX-License-Identifier: Apache-2.0
#include "guard/terminate.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <unordered_set>

#include "sys/children.hpp"
#include "sys/clock.hpp"

namespace sigmund::guard {
namespace {

constexpr sys::Millis search_patience = 100;  // a kill waits for this search

// Lists the children without a descriptor, unlike a pass over /proc. The kernel's list may grow while it is read,
// for ever, so the reading ends at `until`.
std::vector<pid_t> own_children(sys::Millis until) {
    std::vector<pid_t> out;
    sys::for_each_child([&](pid_t child) {
        out.push_back(child);
        return sys::monotonic_ms() < until;
    });
    return out;
}

// Sends a signal to a process that each_descendant() has visited.
int send_pinned(pid_t pid, int pidfd, int signal) {
    if (pidfd >= 0) return sys::send_signal(pidfd, signal);
    return ::kill(pid, signal) == 0 ? 0 : errno;
}

// Visits all descendants of this process, parents first. Each process is pinned before it is visited: a
// direct child because it is not reaped (its pidfd is -1), any other by a pidfd. For the latter the parent is
// checked after that: it is this process, or one that was visited and still lives, so that a pid that was
// reused in between is never visited. Processes that move to another parent meanwhile are found by the next
// pass. The walk ends at `until` (monotonic ms), since it could follow a tree that forks for ever.
template <typename Visit>
void each_descendant(const Scope& scope, sys::Millis until, Visit visit) {
    struct Level {
        pid_t pid;
        sys::Fd pidfd;  // empty for this process and its direct children
        std::vector<pid_t> children;
    };
    const sys::Procfs proc;
    const pid_t self = ::getpid();
    const auto parent_lives = [&](const Level& level) {
        if (level.pidfd) return !sys::has_ended(level.pidfd.get());
        return level.pid == self || !sys::has_ended_child(level.pid);
    };
    std::unordered_set<pid_t> seen{self};
    std::vector<Level> path;
    path.push_back({self, sys::Fd(), own_children(until)});
    while (!path.empty()) {
        if (path.back().children.empty()) {
            path.pop_back();
            continue;
        }
        if (sys::monotonic_ms() >= until) return;
        const pid_t pid = path.back().children.back();
        path.back().children.pop_back();
        if (!seen.insert(pid).second) continue;
        // When a tree forks and exits, thousands of children wait to be reaped, and each costs one question
        // only.
        if (path.size() == 1 && (sys::has_ended_child(pid) || !scope.covers(pid))) continue;
        const bool child = path.size() == 1;
        sys::Fd pidfd;
        if (!child) pidfd = sys::open_pidfd(pid);
        if (!child && !pidfd) continue;
        const auto stat = proc.stat(pid);
        if (!stat || stat->state == 'X') continue;
        const Level& parent = path.back();
        const bool ours = stat->ppid == self || (stat->ppid == parent.pid && parent_lives(parent));
        if (!ours) {
            seen.erase(pid);  // the process may be found again under its new parent
            continue;
        }
        if (stat->state != 'Z') visit(*stat, pidfd.get());
        path.push_back({pid, std::move(pidfd), proc.children(*stat)});
    }
}

}  // namespace

bool Life::ended() const {
    return begun() && std::all_of(leaders.begin(), leaders.end(), [](const Leader& l) { return l.ended; });
}

Leader* Life::unreaped(pid_t pid) {
    for (Leader& leader : leaders)
        if (leader.pid == pid && !leader.reaped) return &leader;
    return nullptr;
}

bool Life::has_group(pid_t group) const {
    return std::any_of(leaders.begin(), leaders.end(),
                       [&](const Leader& leader) { return leader.pid == group && !leader.reaped; });
}

sys::ExitStatus Life::status() const {
    sys::ExitStatus out;
    for (const Leader& leader : leaders)
        if (leader.status.known && (!out.known || !leader.status.success() || out.success()))
            out = leader.status;
    return out;
}

namespace {

// Sends signals in passes until a pass finds no process that is not in `done`. With `groups`, the first pass
// lists all processes and then signals the leaders' groups as a whole, so that no process in them sees
// another one die before it gets its own signal. Returns how many processes were reached.
int send_in_passes(Life& life, const Scope& scope, int signal, int also, bool groups, bool outside_too,
                   std::unordered_set<pid_t> done, Ledger* ledger, sys::Millis patience) {
    int reached = 0;
    struct Outside {
        pid_t pid;
        sys::Fd pidfd;
        bool child;
    };
    const sys::Millis began = sys::monotonic_ms();
    const sys::Millis until =
        began + std::min<sys::Millis>(patience, 50);  // a tree that forks faster gets SIGKILL later
    for (int pass = 0; pass < 8 && (pass == 0 || sys::monotonic_ms() < until); ++pass) {
        std::vector<Outside> outside;
        each_descendant(scope, began + patience, [&](const sys::ProcStat& stat, int pidfd) {
            const bool in_group = life.has_group(stat.pgrp);
            if (!in_group && !outside_too) return;
            // A group is reached as a whole, including its forks (fork(2) restarts on a group signal).
            const bool by_group = in_group && groups;
            const int error = send_pinned(stat.pid, pidfd, 0);
            // Without pidfd_send_signal(2) a process is reached once it has lost its parent and is a child.
            if (error == ENOSYS && !by_group) return;
            if (!done.insert(stat.pid).second) return;
            if (error != EPERM) ++reached;  // EPERM: it belongs to another user by now
            if (ledger) Ledger::note(ledger->signalled, stat.pid);
            if (by_group) return;
            if (ledger && !in_group) ++ledger->escaped;
            if (pidfd >= 0 && !sys::adopts_orphans())
                life.strays.emplace_back(::fcntl(pidfd, F_DUPFD_CLOEXEC, 0));
            outside.push_back(
                {stat.pid, sys::Fd(pidfd < 0 ? -1 : ::fcntl(pidfd, F_DUPFD_CLOEXEC, 0)), pidfd < 0});
        });
        if (pass == 0 && groups) {
            for (const Leader& leader : life.leaders) {
                if (leader.reaped) continue;
                ::kill(-leader.pid, signal);
                if (also != 0) ::kill(-leader.pid, also);
            }
        }
        for (const Outside& each : outside) {
            if (!each.child && !each.pidfd) continue;  // there was no free descriptor for it
            send_pinned(each.pid, each.pidfd.get(), signal);
            if (also != 0) send_pinned(each.pid, each.pidfd.get(), also);
        }
        if (outside.empty()) break;
    }
    return reached;
}

}  // namespace

int send_to_life(Life& life, const Scope& scope, int signal, int also, run::Reach reach, Ledger* ledger,
                 sys::Millis patience) {
    if (reach != run::Reach::leader)
        return send_in_passes(life, scope, signal, also, true, reach == run::Reach::every, {}, ledger,
                              patience);
    int reached = 0;
    for (const Leader& leader : life.leaders) {
        if (leader.ended) continue;
        if (ledger) Ledger::note(ledger->signalled, leader.pid);
        if (::kill(leader.pid, signal) == 0) ++reached;  // an unreaped child
    }
    return reached;
}

void send_to_newcomers(Life& life, const Scope& scope, int signal, int also, Ledger& ledger,
                       sys::Millis patience) {
    send_in_passes(life, scope, signal, also, false, true, {ledger.signalled.begin(), ledger.signalled.end()},
                   &ledger, patience);
}

void kill_descendants(Life& life, const Scope& scope) {
    pause_life(life, scope);
    send_in_passes(life, scope, SIGKILL, 0, true, true, {}, nullptr, walk_patience);
    for (const sys::Fd& stray : life.strays) sys::send_signal(stray.get(), SIGKILL);
    life.strays.clear();
}

void pause_life(Life& life, const Scope& scope) {
    for (const Leader& leader : life.leaders)
        if (!leader.reaped) ::kill(-leader.pid, SIGSTOP);
    const sys::Millis until = sys::monotonic_ms() + walk_patience;
    for (int pass = 0; pass < 16; ++pass) {
        bool found = false;
        each_descendant(scope, until, [&](const sys::ProcStat& stat, int pidfd) {
            if (stat.state == 'T' || stat.state == 't') return;
            // SIGSTOP takes effect at the next return to user mode, so only a process that was missed counts.
            if (!life.has_group(stat.pgrp) || pass > 0) found = true;
            send_pinned(stat.pid, pidfd, SIGSTOP);
        });
        if (!found) break;
    }
}

std::vector<pid_t> nested_guardians(const Scope& scope) {
    std::vector<pid_t> out;
    const sys::Procfs proc;
    const sys::FileId own = proc.exe(::getpid());
    if (!own.known()) return out;
    each_descendant(scope, sys::monotonic_ms() + search_patience, [&](const sys::ProcStat& stat, int pidfd) {
        if (stat.session != stat.pid || proc.exe(stat.pid) != own) return;
        out.push_back(stat.pid);
        send_pinned(stat.pid, pidfd, SIGQUIT);  // tells a guardian to kill its run now
    });
    return out;
}

void kill_pass(const Scope& scope, const std::vector<pid_t>& spare, std::size_t most) noexcept {
    std::size_t count = 0;
    sys::for_each_child([&](pid_t child) {
        // A direct child stays unreaped until this process reaps it, so its number is not reused.
        if (scope.covers(child) && std::find(spare.begin(), spare.end(), child) == spare.end())
            ::kill(child, SIGKILL);
        return ++count < most;
    });
}

}  // namespace sigmund::guard
