// SPDX-License-Identifier: Apache-2.0
#include "guard/reaper.hpp"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/children.hpp"
#include "sys/procfs.hpp"
#include "sys/signals.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis nested_patience = 300;  // so that guardians of runs inside this one can record their end
constexpr int children_a_turn = 256;     // a tree that forks and exits could occupy the guardian for ever
constexpr int children_a_pass = 1024;    // the same for a pass of the kill
constexpr int children_in_storm = 16;    // so many ended between two passes: they are being forked

// Finds an ended child (P_ALL: any child) and leaves it a zombie. Returns 0 or errno; ECHILD when there is no
// child at all. `info.si_pid` is 0 when none has ended.
int look_at_ended(idtype_t which, pid_t pid, siginfo_t& info) {
    info = {};
    const int options = WEXITED | WNOHANG | WNOWAIT | __WALL;
    return ::waitid(which, static_cast<id_t>(pid), &info, options) == 0 ? 0 : errno;
}

}  // namespace

// Notes a signal that is about to be sent, unless no leader lives that could get it.
void Reaper::note_sent(Member& member, int signal, std::string by) {
    const auto& leaders = member.life.leaders;
    if (std::none_of(leaders.begin(), leaders.end(),
                     [](const Leader& each) { return !each.ended && !sys::has_ended_child(each.pid); }))
        return;
    member.last_signal = run::send_now(keeper_.record(), signal, std::move(by));
}

// The same for a signal that ends a life.
void Reaper::note_ordered(Member& member, int signal) {
    const Cause cause = member.state.cause != Cause::none ? member.state.cause : lives_.ending().cause;
    note_sent(member, signal, ended_by(cause).str());
}

int Reaper::send(Member& member, int signal, run::Reach reach, std::string by) {
    note_sent(member, signal, std::move(by));
    return send_to_life(member.life, MemberScope(member, aides_), signal, 0, reach, nullptr);
}

void Reaper::pause(Member& member) {
    note_sent(member, SIGSTOP, "pause");
    pause_life(member.life, MemberScope(member, aides_));
}

void Reaper::terminate(Member& member) {
    Ending& ending = lives_.ending();
    note_ordered(member, ending.signal);
    send_to_life(member.life, MemberScope(member, aides_), ending.signal, SIGCONT, run::Reach::every,
                 &ending.ledger, due_ ? storm_patience : walk_patience);
    if (lives_.policy().terminal && ending.signal == SIGTERM) hang_up(member);
    reap();  // a life that is already empty is noticed here, since no signal will report it
}

// Interactive shells ignore SIGTERM, and end when their terminal is closed (SIGHUP).
void Reaper::hang_up(Member& member) {
    for (const Leader& leader : member.life.leaders) {
        if (leader.ended) continue;
        const auto ignored = sys::Procfs().signal_set(leader.pid, "SigIgn");
        if (!ignored || (*ignored & sys::signal_bit(SIGTERM)) == 0) continue;
        note_ordered(member, SIGHUP);
        send_to_life(member.life, MemberScope(member, aides_), SIGHUP, 0, run::Reach::leader, nullptr);
    }
}

void Reaper::sweep(Member& member) {
    Ending& ending = lives_.ending();
    send_to_newcomers(member.life, MemberScope(member, aides_), ending.signal, SIGCONT, ending.ledger,
                      due_ ? storm_patience : walk_patience);
}

void Reaper::kill(Member& member) {
    note_ordered(member, SIGKILL);
    // While children end faster than they are reaped there is no time to search for nested guardians.
    nested_.pids = due_ ? std::vector<pid_t>{} : nested_guardians(MemberScope(member, aides_));
    std::erase_if(nested_.pids, [&](pid_t pid) { return member.life.unreaped(pid) != nullptr; });
    if (!nested_.pids.empty()) nested_.until = sys::monotonic_ms() + nested_patience;
    kill_everything(member);
}

void Reaper::end_nested_if_due(Millis now) {
    if (nested_.until < 0 || now < nested_.until) return;
    nested_ = {};
    for (Member& member : lives_.members())
        if (member.state.phase == Phase::killing) kill_everything(member);
}

void Reaper::note_end(const siginfo_t& info) {
    Ending& ending = lives_.ending();
    if (!lives_.clearing() && !ending.begun) return;
    const bool by_kill = info.si_code != CLD_EXITED && info.si_status == SIGKILL;
    Ledger& ledger = ending.ledger;
    if (!Ledger::note(by_kill ? ledger.killed : ledger.exited, info.si_pid)) ++ledger.unlisted;
}

// Reaps a child that has ended, and returns whether it has.
bool Reaper::take(pid_t pid) {
    siginfo_t info;
    const bool aide = aides_.owns(pid);
    sys::Consumption of_aide;
    if (!sys::reap_ended(pid, info, aide ? of_aide : lives_.account_of(pid))) return false;
    if (aide)
        aides_.reaped(pid, sys::ExitStatus::from(info));
    else
        note_end(info);
    return true;
}

// Notices that a leader has ended, and leaves it a zombie.
void Reaper::look_at_leader(Member& member, Leader& leader) {
    siginfo_t info;
    if (!leader.ended && look_at_ended(P_PID, leader.pid, info) == 0 && info.si_pid != 0)
        see_end(member, leader, info);
}

void Reaper::see_end(Member& member, Leader& leader, const siginfo_t& info) {
    if (leader.ended) return;
    leader.ended = true;
    leader.status = sys::ExitStatus::from(info);
    note_end(info);
    keeper_.stage_ended(static_cast<std::size_t>(&leader - member.life.leaders.data()), leader.status);
    if (!member.life.ended()) return keeper_.save_soon();
    lives_.post(member, {.kind = EventKind::leader_exited, .status = member.life.status()});
}

// Reaps ended children in the kernel's order. Returns whether a leader comes first. It stays there, so that
// the others must be asked for one by one.
bool Reaper::reap_loose() {
    for (int i = 0; i < children_a_turn; ++i) {
        siginfo_t info;
        if (look_at_ended(P_ALL, 0, info) != 0 || info.si_pid == 0) return false;
        Leader* leader = nullptr;
        if (lives_.member_of_leader(info.si_pid, &leader)) return true;
        take(info.si_pid);
    }
    due_ = true;
    return false;
}

void Reaper::reap() {
    due_ = false;
    int taken = 0;
    if (reap_loose())
        sys::for_each_child([&](pid_t child) {
            Leader* leader = nullptr;
            if (Member* member = lives_.member_of_leader(child, &leader))
                look_at_leader(*member, *leader);
            else if (take(child))
                due_ = ++taken == children_a_turn;
            return !due_;
        });
    for (Member& member : lives_.members()) {
        if (member.state.phase == Phase::killing) kill_everything(member);
        if (member.life.ended()) check_empty(member);
    }
}

// Returns whether no child is left at all. The kernel says so, whereas a list could have missed one.
bool Reaper::none_left() {
    for (int i = 0; i < children_a_turn; ++i) {
        siginfo_t info;
        if (const int error = look_at_ended(P_ALL, 0, info); error != 0) return error == ECHILD;
        if (info.si_pid == 0) return false;
        Leader* leader = nullptr;
        if (lives_.member_of_leader(info.si_pid, &leader)) return false;
        take(info.si_pid);
    }
    due_ = true;
    return false;
}

// Reaps the leaders of a life that has ended, if no other process of it is left. Returns whether it did.
bool Reaper::take_leaders(Member& member) {
    const MemberScope scope(member, aides_);
    bool others = false;
    int taken = 0;
    sys::for_each_child([&](pid_t child) {
        if (member.life.unreaped(child) || !scope.covers(child)) return true;
        siginfo_t info;
        if (sys::reap_ended(child, info, member.account.life)) {
            note_end(info);
            if (++taken < children_a_turn) return true;
            due_ = true;
        }
        others = true;
        return false;
    });
    if (others) return false;
    // An orphan that is not a child here can still be reached by the group.
    if (!sys::adopts_orphans()) kill_descendants(member.life, scope);
    for (Leader& leader : member.life.leaders) {
        siginfo_t info;
        if (!leader.reaped) sys::reap_ended(leader.pid, info, member.account.life);
        leader.reaped = true;
    }
    return true;
}

void Reaper::check_empty(Member& member) {
    // A leader that is still dying from its SIGKILL must not be taken for a foreign child, or its status
    // would be lost.
    if (!member.life.ended() || member.state.phase == Phase::backoff) return;
    // Checks and probes belong to a life. They end with it, and are waited for like the rest.
    if (member.worker < 0 && !aides_.none()) return aides_.dismiss_all();
    const auto& leaders = member.life.leaders;
    const bool reaped = std::all_of(leaders.begin(), leaders.end(), [](const Leader& l) { return l.reaped; });
    if (!reaped && !take_leaders(member)) return;
    if (member.worker < 0 && !none_left()) return;
    member.life = {};
    member.account.lasted = sys::monotonic_ms() - member.state.life_started;
    lives_.post(member, {EventKind::empty});
}

bool Reaper::all_gone() {
    aides_.dismiss_all();
    if (none_left()) return true;
    const Member nobody;
    if (lives_.ending().begun) kill_pass(MemberScope(nobody, aides_), {});
    return false;
}

// Kills every direct child of the subreaper and reaps, again and again, until none is left. While children
// end in great numbers it does not sleep, so that a forking tree cannot outrun it. Otherwise it returns to the poll,
// and SIGCHLD wakes it: another process becomes a child later only by the death of one that is already marked to
// die. It must not wait here for a few: a thousand guardians that are told to kill would take the processors from
// the processes that have to die.
void Reaper::kill_everything(Member& member) {
    const MemberScope scope(member, aides_);
    if (!sys::adopts_orphans()) kill_descendants(member.life, scope);
    const bool all = scope.everything() && nested_.pids.empty();
    Millis moved = sys::monotonic_ms();
    bool storm = all && due_, raced = storm, moving = true;
    for (unsigned pass = 1;; ++pass) {
        const bool whole = !storm || pass % 64 == 0;
        const int living = whole ? -1 : sys::kill_newest_children();
        // Those that end make room for the others. Where nothing ends, a pass is complete.
        if (living < 0 && moving)
            kill_pass(scope, nested_.pids, children_a_pass);
        else if (living < 0)
            kill_pass(scope, nested_.pids);
        bool left = true;
        // In a storm the next pass must not wait for the burial of those that have long been dead.
        const int most = living > 0 ? children_a_turn : 16 * children_a_turn;
        const int buried =
            scope.everything() ? bury_all(member, most, left) : bury_covered(member, scope, left);
        if (!left) break;
        const bool was_complete = living < 0 && !moving;
        moving = buried > 0;
        if (buried > 0) {
            moved = sys::monotonic_ms();
            storm = all && (storm || buried >= children_in_storm);
            raced = raced || storm;
            if (storm) be_urgent(true);
        } else if (storm) {
            storm = false;
        } else if (was_complete && (!raced || sys::monotonic_ms() - moved >= 2)) {
            break;
        } else if (was_complete) {
            ::sched_yield();
        }
    }
    check_empty(member);
}

// Notes a child that was reaped while everything is killed, one by one. No leader's number is needed any
// more.
void Reaper::bury(Member& member, const siginfo_t& info) {
    Leader* leader = member.life.unreaped(info.si_pid);
    if (!leader) return note_end(info);
    see_end(member, *leader, info);
    leader->reaped = true;
}

// Makes one system call for each child, because this is a race. Returns how many children had ended, at most
// `most`. `left` tells whether some still live.
int Reaper::bury_all(Member& member, int most, bool& left) {
    int buried = 0;
    for (; buried < most; ++buried) {
        siginfo_t info;
        const pid_t pid = sys::reap_child(info, &member.account.life);
        left = pid >= 0;
        if (pid <= 0) break;
        bury(member, info);
    }
    return buried;
}

int Reaper::bury_covered(Member& member, const Scope& scope, bool& left) {
    int buried = 0;
    left = false;
    sys::for_each_child([&](pid_t child) {
        if (!scope.covers(child)) return;
        siginfo_t info;
        if (!sys::reap_ended(child, info, member.account.life)) {
            left = true;
            return;
        }
        bury(member, info);
        ++buried;
    });
    return buried;
}

void Reaper::be_urgent(bool urgent) {
    if (urgent == urgent_) return;
    urgent_ = urgent;
    urgent ? sys::begin_urgency() : sys::end_urgency();
}

}  // namespace sigmund::guard
