// SPDX-License-Identifier: Apache-2.0
#include "run/census.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <unordered_set>

#include "run/means.hpp"
#include "run/own_proc.hpp"
#include "run/this_boot.hpp"
#include "sys/rights.hpp"

namespace sigmund::run {
namespace {

Member member_of(const sys::ProcStat& stat) {
    return {stat.pid, stat.ppid, stat.pgrp, stat.session, stat.start_ticks, stat.state};
}

constexpr char aide_comm[] = "sigmund-aide";

bool dead(const Member& member) {
    return member.state == 'Z' || member.state == 'X';
}

}  // namespace

Census::Census() : Census(sys::Procfs()) {
    require_own_proc(Exit::refused);
}

Census::Census(sys::Procfs proc)
    : proc_(std::move(proc)), boot_id_(this_boot()), pid_namespace_(sys::pid_namespace()) {}

bool Census::same_boot(const Record& record) const {
    return !boot_id_.empty() && (record.identity.boot_id.empty() ? record.version < record_version
                                                                 : record.identity.boot_id == boot_id_);
}

bool Census::same_pid_namespace(const Record& record) const {
    // A record of version 1 has no PID namespace.
    return record.identity.pid_ns == 0 ? record.version < record_version
                                       : record.identity.pid_ns == pid_namespace_;
}

// When /proc does not show a process to this user (hidepid=2, and it may not be traced), the kernel's own
// number for it still tells which process it is, and its pidfd tells that it lives.
bool Census::lives_hidden(const Record& record, int pidfd) {
    const std::uint64_t inode = sys::pidfd_inode(pidfd);
    return inode != 0 && inode == record.identity.pidfd_ino && !sys::has_ended(pidfd);
}

LeaderFact Census::leader(const Record& record, char* state) const {
    if (!belongs(record.pid)) return LeaderFact::stranger;
    const sys::Identity& known = record.identity;
    const auto stat = with_means([&] { return proc_.stat(record.pid); });
    if (!stat) {
        if (known.pidfd_ino == 0 || !same_boot(record) || !same_pid_namespace(record))
            return LeaderFact::gone;
        const sys::Fd pidfd = pin(record.pid);
        return pidfd && lives_hidden(record, pidfd.get()) ? LeaderFact::alive : LeaderFact::gone;
    }
    if (state) *state = stat->state;
    const bool same_start = stat->start_ticks == known.start_ticks;
    if (stat->dead()) return same_start ? LeaderFact::zombie : LeaderFact::stranger;
    if (known.pidfd_ino != 0) {
        const sys::Fd pidfd = pin(record.pid);
        if (!pidfd) return LeaderFact::gone;
        // The kernel's own number alone is proof. A start time can be shown differently here.
        if (const auto inode = sys::pidfd_inode(pidfd.get()); inode != 0)
            return inode == known.pidfd_ino ? LeaderFact::alive : LeaderFact::stranger;
    }
    if (!same_start) return LeaderFact::stranger;
    if (known.exe.known() && proc_.exe(record.pid) == known.exe) return LeaderFact::alive;
    // The leader may have executed another file since. Then it is the same process in its own session and
    // group, and it carries the key of the run.
    if (stat->session != record.sid || stat->pgrp != record.pgid) return LeaderFact::stranger;
    if (record.version < record_version)
        return LeaderFact::alive;  // it has no key, but pid, start time and session agree
    const auto key = proc_.environment_value(record.pid, "SIGMUND_KEY");
    return key && !record.key.empty() && *key == record.key ? LeaderFact::alive : LeaderFact::stranger;
}

sys::Fd Census::pin(pid_t pid) {
    return with_means([&] { return sys::open_pidfd(pid); });
}

bool Census::guardian_proven(const Record& record) const {
    if (record.guardian_pid <= 0 || record.guardian_ticks == 0) return false;
    const auto stat = with_means([&] { return proc_.stat(record.guardian_pid); });
    if (!stat || stat->dead() || stat->start_ticks != record.guardian_ticks) return false;
    // A hostile record may name as its guardian the parent of other processes, such as pid 1.
    const auto owner = sys::accessing_files_as();
    return !owner || is_users(record.guardian_pid, *owner);
}

bool Census::is_users(pid_t pid, uid_t user) const {
    const auto users = proc_.users(pid);
    return users && std::all_of(users->begin(), users->end(), [&](uid_t each) { return each == user; });
}

bool Census::belongs(pid_t pid) const {
    const auto owner = sys::accessing_files_as();
    if (!owner || is_users(pid, *owner)) return true;
    // The ancestors of this command may be in the user's session (sudo), but they do not belong to the run.
    for (pid_t above = ::getpid(); above > 1;) {
        if (above == pid) return false;
        const auto stat = proc_.stat(above);
        above = stat ? stat->ppid : 0;
    }
    for (pid_t above = pid; above > 1;) {
        const auto stat = proc_.stat(above);
        if (!stat) return false;
        // A process gets into a session only by birth, so the user of the living session leader is the user
        // of its other processes, too.
        if (stat->session != above && stat->session > 1 && is_users(stat->session, *owner)) return true;
        above = stat->ppid;
        if (above > 1 && is_users(above, *owner)) return true;
    }
    return false;
}

const std::unordered_map<pid_t, Census::Entry>& Census::everybody() const {
    if (known_) return everybody_;
    everybody_.clear();
    // The newest processes have the last numbers. They are looked at first, before they are gone.
    const auto pids = list_with_means([&] { return proc_.processes(); });
    for (auto at = pids.rbegin(); at != pids.rend(); ++at) {
        const pid_t pid = *at;
        const auto stat = with_means([&] { return proc_.stat(pid); });
        if (!stat) continue;
        Entry entry{member_of(*stat), {}};
        if (!stat->dead())
            if (auto key = with_means([&] { return proc_.environment_value(pid, "SIGMUND_KEY"); }))
                entry.key = std::move(*key);
        everybody_.emplace(pid, std::move(entry));
    }
    known_ = true;
    return everybody_;
}

// Passes each living descendant to `use`, until it returns false. Children that came last are visited first: when a
// tree forks and exits, its guardian has thousands of children that are dead.
template <typename Use>
void Census::each_descendant(pid_t root, Use use) const {
    std::vector<pid_t> todo{root};
    std::unordered_set<pid_t> seen{root};
    while (!todo.empty()) {
        const pid_t parent = todo.back();
        todo.pop_back();
        const auto children = list_with_means([&] { return proc_.children(parent); });
        for (auto at = children.rbegin(); at != children.rend(); ++at) {
            const pid_t child = *at;
            if (!seen.insert(child).second) continue;
            const auto stat = with_means([&] { return proc_.stat(child); });
            // The aides of the guardian (guard/aide.hpp), and what they have started, do not belong to the
            // run.
            if (stat && parent == root && stat->comm == aide_comm && stat->session == stat->pid &&
                proc_.exe(child) == proc_.exe(root))
                continue;
            todo.push_back(child);
            if (stat && !stat->dead() && !use(member_of(*stat))) return;
        }
    }
}

bool Census::has_members(const Record& record) const {
    bool found = false;
    if (same_boot(record) && same_pid_namespace(record) && guardian_proven(record))
        each_descendant(record.guardian_pid, [&](const Member& member) {
            found = member.pid != ::getpid() && belongs(member.pid);
            return !found;
        });
    // The guardian's number was still its own after the search.
    return (found && guardian_proven(record)) || !members(record).empty();
}

std::vector<Member> Census::members(const Record& record, std::span<const Member> known) const {
    if (!same_boot(record) || !same_pid_namespace(record)) return {};
    std::vector<Member> out;
    const bool guarded = guardian_proven(record);
    if (guarded)
        each_descendant(record.guardian_pid, [&](const Member& member) {
            out.push_back(member);
            return true;
        });
    // When the guardian was killed during the search, only a part was found.
    if (!guarded || !guardian_proven(record)) add_proven(record, known, out);
    const pid_t self = ::getpid();
    std::erase_if(out, [&](const Member& member) { return member.pid == self || !belongs(member.pid); });
    std::sort(out.begin(), out.end(), [](const Member& a, const Member& b) { return a.pid < b.pid; });
    return out;
}

// Adds what is proven by the record itself and by what was proven before.
void Census::add_proven(const Record& record, std::span<const Member> known, std::vector<Member>& out) const {
    const auto& all = everybody();
    const LeaderFact fact = leader(record);
    std::unordered_set<pid_t> proven;
    if (fact == LeaderFact::alive || fact == LeaderFact::zombie) proven.insert(record.pid);
    for (const auto& [pid, entry] : all)
        if (!record.key.empty() && entry.key == record.key) proven.insert(pid);
    for (const Member& member : known) {
        const auto found = all.find(member.pid);
        if (found != all.end() && found->second.member.start_ticks == member.start_ticks)
            proven.insert(member.pid);
    }
    // A process that shares the session of the leader with a proven member belongs to the run: while that
    // member lives, the kernel does not give the number of the session to another one (pid_namespaces(7),
    // alloc_pid), and a process joins it only by birth.
    const bool session_pinned = std::any_of(all.begin(), all.end(), [&](const auto& each) {
        return proven.contains(each.first) && each.second.member.session == record.sid;
    });
    for (bool grew = true; grew;) {
        grew = false;
        for (const auto& [pid, entry] : all) {
            if (proven.contains(pid)) continue;
            if (proven.contains(entry.member.ppid) ||
                (session_pinned && entry.member.session == record.sid)) {
                proven.insert(pid);
                grew = true;
            }
        }
    }
    std::unordered_set<pid_t> listed;
    for (const Member& member : out) listed.insert(member.pid);
    for (const pid_t pid : proven) {
        if (listed.contains(pid)) continue;
        const auto found = all.find(pid);
        if (found == all.end() && pid == record.pid && fact == LeaderFact::alive)
            out.push_back({pid, 0, record.pgid, record.sid, record.identity.start_ticks, '?'});
        else if (found != all.end() && !dead(found->second.member))
            out.push_back(found->second.member);
    }
}

bool Census::group_reused(const Record& record) const {
    return std::any_of(everybody().begin(), everybody().end(), [&](const auto& each) {
        const Member& m = each.second.member;
        return !dead(m) && (m.pgrp == record.pgid || m.session == record.sid);
    });
}

}  // namespace sigmund::run
