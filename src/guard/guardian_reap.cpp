// SPDX-License-Identifier: Apache-2.0
// Who has ended. A life is empty when no process of it is left: that is the kernel's word (ECHILD), of a
// worker what can be told apart. Killing goes on until then.
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "guard/guardian.hpp"
#include "sys/children.hpp"

namespace sigmund::guard {
namespace {

// Takes an ended child without waiting; whether there was one to take.
bool take_ended(pid_t pid, siginfo_t& info) {
    info = {};
    return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | __WALL) == 0 &&
           info.si_pid != 0;
}

}  // namespace

// A worker's processes: those of its session, and those that carry its number in their environment.
bool MemberScope::covers(pid_t child) const noexcept {
    if (aides_.owns(child)) return false;
    if (member_.worker < 0) return true;
    const pid_t session = ::getsid(child);
    for (const Leader& leader : member_.life.leaders)
        if (child == leader.pid || session == leader.pid) return true;
    const auto number = sys::Procfs().environment_value(child, "WORKER_ID");
    return number && *number == std::to_string(member_.worker);
}

Member* Guardian::member_of_leader(pid_t pid, Leader** leader) {
    for (Member& member : members_)
        if ((*leader = member.life.unreaped(pid)) != nullptr) return &member;
    return nullptr;
}

void Guardian::note_end(const siginfo_t& info) {
    if (!clearing() && !end_all_) return;
    const bool by_kill = info.si_code != CLD_EXITED && info.si_status == SIGKILL;
    if (!Ledger::note(by_kill ? ledger_.killed : ledger_.exited, info.si_pid)) ++ledger_.unlisted;
}

void Guardian::take(pid_t pid) {
    siginfo_t info;
    if (!take_ended(pid, info)) return;
    if (aides_.owns(pid))
        aides_.reaped(pid, sys::ExitStatus::from(info));
    else
        note_end(info);
}

// Sees that a leader has ended, and leaves it a zombie.
void Guardian::look_at_leader(Member& member, Leader& leader) {
    if (leader.ended) return;
    siginfo_t info{};
    const int options = WEXITED | WNOHANG | WNOWAIT | __WALL;
    if (::waitid(P_PID, static_cast<id_t>(leader.pid), &info, options) != 0 || info.si_pid == 0) return;
    see_end(member, leader, info);
}

void Guardian::see_end(Member& member, Leader& leader, const siginfo_t& info) {
    if (leader.ended) return;
    leader.ended = true;
    leader.status = sys::ExitStatus::from(info);
    note_end(info);
    const auto part = static_cast<std::size_t>(&leader - member.life.leaders.data());
    if (part < plan_.record.stages.size()) plan_.record.stages[part].status = leader.status;
    if (!member.life.ended()) {
        save_due_ = true;
        return;
    }
    posts_.push_back({&member, {.kind = EventKind::leader_exited, .status = member.life.status()}});
}

// Takes every ended child but the leaders, which stay zombies while others of their life live (see Leader).
// So many at a time: a tree that forks and exits could keep the guardian at this for ever.
void Guardian::reap() {
    bool pinned = false;
    reap_due_ = true;
    for (int i = 0; i < 256; ++i) {
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0 || info.si_pid == 0) {
            reap_due_ = false;
            break;
        }
        Leader* leader = nullptr;
        if (member_of_leader(info.si_pid, &leader)) {
            pinned = true;
            reap_due_ = false;
            break;  // it stands first from now on: the others are asked for one by one
        }
        take(info.si_pid);
    }
    if (pinned)
        sys::for_each_child([&](pid_t child) {
            Leader* leader = nullptr;
            if (Member* member = member_of_leader(child, &leader))
                look_at_leader(*member, *leader);
            else
                take(child);
        });
    for (Member& member : members_) {
        if (member.state.phase == Phase::killing) kill_everything(member);
        if (member.life.ended()) check_empty(member);
    }
    check_over();
}

// Nobody is left at all: the kernel's word, which a list that missed one cannot have.
bool Guardian::nobody_left() {
    for (int i = 0; i < 256; ++i) {
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0) return errno == ECHILD;
        if (info.si_pid == 0) return false;
        Leader* leader = nullptr;
        if (member_of_leader(info.si_pid, &leader)) return false;
        take(info.si_pid);
    }
    reap_due_ = true;
    return false;
}

void Guardian::check_empty(Member& member) {
    // A leader that still dies of its SIGKILL is not to be taken for a stranger: its status would be lost.
    if (!member.life.ended() || member.state.phase == Phase::backoff || finished_) return;
    // Checks and probes are of a life: they go with it, and are waited for like the rest.
    if (member.worker < 0 && !aides_.none()) {
        aides_.dismiss_all();
        return;
    }
    const MemberScope scope(member, aides_);
    const bool reaped = std::all_of(member.life.leaders.begin(), member.life.leaders.end(),
                                    [](const Leader& leader) { return leader.reaped; });
    if (!reaped) {
        bool others = false;
        sys::for_each_child([&](pid_t child) {
            if (member.life.unreaped(child) || !scope.covers(child)) return;
            siginfo_t info;
            if (take_ended(child, info))
                note_end(info);
            else
                others = true;
        });
        if (others) return;
        for (Leader& leader : member.life.leaders) {
            siginfo_t info;
            if (!leader.reaped) take_ended(leader.pid, info);
            leader.reaped = true;
        }
    }
    if (member.worker < 0 && !nobody_left()) return;
    member.life = {};
    posts_.push_back({&member, {EventKind::empty}});
}

// Every member has ended. What no worker owned may live on: then the run does too, unless it is being ended.
void Guardian::check_over() {
    if (finished_ || !over()) return;
    aides_.dismiss_all();
    if (nobody_left()) return finish();
    if (!end_all_) return;
    const Member nobody;
    kill_pass(MemberScope(nobody, aides_), {});
}

// The subreaper's loop: kill every direct child, reap, again, until none is left. While children end it does
// not sleep, so that a forking tree cannot outrun it; it yields to the poll only when nothing has moved for 2
// ms, and SIGCHLD wakes it: whoever becomes a child of ours later does so by the death of one that is marked
// to die.
void Guardian::kill_everything(Member& member) {
    const MemberScope scope(member, aides_);
    Millis moved = sys::monotonic_ms();
    for (;;) {
        kill_pass(scope, nested_);
        bool left = true;
        const bool progress = scope.everything() ? reap_all(member, left) : reap_covered(member, scope, left);
        if (!left) break;
        if (progress)
            moved = sys::monotonic_ms();
        else if (sys::monotonic_ms() - moved >= 2)
            break;
        else
            ::sched_yield();
    }
    check_empty(member);
}

// While killing: takes an ended child. No leader's number is needed any more, since all are killed one by
// one.
void Guardian::bury(Member& member, const siginfo_t& info) {
    Leader* leader = member.life.unreaped(info.si_pid);
    if (!leader) return note_end(info);
    see_end(member, *leader, info);
    leader->reaped = true;
}

// One system call for each: this is a race.
bool Guardian::reap_all(Member& member, bool& left) {
    bool progress = false;
    for (int i = 0; i < 4096; ++i) {
        siginfo_t info;
        const pid_t pid = sys::reap_child(info);
        left = pid >= 0;
        if (pid <= 0) return progress;
        bury(member, info);
        progress = true;
    }
    return progress;
}

bool Guardian::reap_covered(Member& member, const Scope& scope, bool& left) {
    bool progress = false;
    left = false;
    sys::for_each_child([&](pid_t child) {
        if (!scope.covers(child)) return;
        siginfo_t info;
        if (!take_ended(child, info)) {
            left = true;
            return;
        }
        bury(member, info);
        progress = true;
    });
    return progress;
}

}  // namespace sigmund::guard
