// SPDX-License-Identifier: Apache-2.0
#include "guard/terminate.hpp"

#include <unistd.h>

#include <algorithm>
#include <unordered_set>

#include "sys/children.hpp"

namespace sigmund::guard {
namespace {

// Walks everything that descends from this process, parents first. Each process is pinned by a pidfd before
// it is shown, and its parent is checked after that: it is ours, or one that was shown and still lives, so
// that a number that has been given to a stranger in between is never shown. What moves meanwhile is found by
// the next pass.
template <typename Visit>
void each_descendant(Visit visit) {
    struct Level {
        pid_t pid;
        sys::Fd pidfd;  // empty for ourselves
        std::vector<pid_t> children;
    };
    const sys::Procfs proc;
    const pid_t self = ::getpid();
    std::unordered_set<pid_t> seen{self};
    std::vector<Level> path;
    path.push_back({self, sys::Fd(), proc.children(self)});
    while (!path.empty()) {
        if (path.back().children.empty()) {
            path.pop_back();
            continue;
        }
        const pid_t pid = path.back().children.back();
        path.back().children.pop_back();
        if (!seen.insert(pid).second) continue;
        sys::Fd pidfd = sys::open_pidfd(pid);
        if (!pidfd) continue;
        const auto stat = proc.stat(pid);
        if (!stat || stat->state == 'X') continue;
        const bool ours = stat->ppid == self || (stat->ppid == path.back().pid && path.back().pidfd &&
                                                 !sys::has_ended(path.back().pidfd.get()));
        if (!ours) {
            seen.erase(pid);  // it may be found again under its new parent
            continue;
        }
        if (stat->state != 'Z') visit(*stat, pidfd.get());
        path.push_back({pid, std::move(pidfd), proc.children(pid)});
    }
}

}  // namespace

int send_to_life(const Life& life, int signal, int also, Reach reach, Ledger* ledger) {
    if (reach == Reach::leader) {
        if (life.ended) return 0;
        if (ledger) Ledger::note(ledger->signalled, life.leader);
        return sys::send_signal(life.pidfd.get(), signal) == 0 ? 1 : 0;
    }
    int reached = 0;
    std::unordered_set<pid_t> done;
    const bool pinned = life.leader > 0 && !life.reaped;
    // First who is there, then the group as one, so that nobody in it sees a neighbour die before its own
    // signal.
    struct Outside {
        pid_t pid;
        sys::Fd pidfd;
    };
    for (int pass = 0; pass < 8; ++pass) {
        std::vector<Outside> outside;
        each_descendant([&](const sys::ProcStat& stat, int pidfd) {
            const bool in_group = stat.pgrp == life.leader;
            if (!in_group && reach != Reach::every) return;
            if (!done.insert(stat.pid).second) return;
            ++reached;
            if (ledger) Ledger::note(ledger->signalled, stat.pid);
            if (in_group && pinned)
                return;  // reached through the group, forks included (fork(2) restarts under it)
            if (!in_group && ledger) ++ledger->escaped;
            outside.push_back({stat.pid, sys::Fd(::dup(pidfd))});
        });
        if (pass == 0 && pinned) {
            ::kill(-life.leader, signal);
            if (also != 0) ::kill(-life.leader, also);
        }
        if (outside.empty() && (pass > 0 || reach == Reach::group)) break;
        for (const Outside& each : outside) {
            sys::send_signal(each.pidfd.get(), signal);
            if (also != 0) sys::send_signal(each.pidfd.get(), also);
        }
        if (outside.empty()) break;
    }
    return reached;
}

void pause_life(const Life& life) {
    if (!life.reaped) ::kill(-life.leader, SIGSTOP);
    for (int pass = 0; pass < 16; ++pass) {
        bool found = false;
        each_descendant([&](const sys::ProcStat& stat, int pidfd) {
            if (stat.state == 'T' || stat.state == 't') return;
            // A stop takes effect at the process's next return to user mode: only one that was missed counts.
            if (stat.pgrp != life.leader || life.reaped || pass > 0) found = true;
            sys::send_signal(pidfd, SIGSTOP);
        });
        if (!found) break;
    }
}

std::vector<pid_t> nested_guardians() {
    std::vector<pid_t> out;
    const sys::Procfs proc;
    const sys::FileId own = proc.exe(::getpid());
    if (!own.known()) return out;
    each_descendant([&](const sys::ProcStat& stat, int pidfd) {
        if (stat.session != stat.pid || proc.exe(stat.pid) != own) return;
        out.push_back(stat.pid);
        sys::send_signal(pidfd, SIGQUIT);  // to a guardian: kill your run now
    });
    return out;
}

void kill_pass(const std::vector<pid_t>& spare) noexcept {
    if (spare.empty()) return sys::kill_children();
    sys::for_each_child([&](pid_t child) {
        // A direct child is unreaped until this process reaps it, so its number is nobody else's.
        if (std::find(spare.begin(), spare.end(), child) == spare.end()) ::kill(child, SIGKILL);
    });
}

}  // namespace sigmund::guard
