// SPDX-License-Identifier: Apache-2.0
#include "ops/members.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <unordered_set>

#include "run/spec.hpp"
#include "sys/clock.hpp"
#include "sys/file.hpp"

namespace sigmund::ops {
namespace {

constexpr std::size_t descriptors_spared = 10;  // left free for reading /proc and the record
constexpr int most_passes = 64;
constexpr int idle_passes = 20;
constexpr std::size_t cgroups_kept = 64;

// Returns the last process id that was given out in this PID namespace (proc_loadavg(5)).
std::string last_process() {
    const std::string text = sys::read_small("/proc/loadavg", 256);
    return text.substr(std::min(text.rfind(' ') + 1, text.size()));
}

std::size_t descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
    return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, 1U << 20));
}

}  // namespace

MoreDescriptors::MoreDescriptors() {
    if (::getrlimit(RLIMIT_NOFILE, &before_) != 0) return;
    const rlimit all{std::max(before_.rlim_cur, std::min<rlim_t>(before_.rlim_max, 1U << 16)),
                     before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &all);
}

MoreDescriptors::~MoreDescriptors() {
    if (before_.rlim_max != 0) ::setrlimit(RLIMIT_NOFILE, &before_);
}

std::size_t descriptors_left() {
    const sys::Fd next(::dup(STDERR_FILENO));  // the lowest free number
    const std::size_t limit = descriptor_limit();
    const std::size_t used = (next ? static_cast<std::size_t>(next.get()) : limit) + descriptors_spared;
    return limit > used ? limit - used : 0;
}

std::vector<pid_t> not_permitted(const std::vector<run::Member>& members) {
    std::vector<pid_t> out;
    for (const run::Member& member : members) {
        const sys::Fd pidfd = run::Census::pin(member.pid);
        if (pidfd && sys::send_signal(pidfd.get(), 0) == EPERM) out.push_back(member.pid);
    }
    return out;
}

std::string why_not_signalled() {
    return sys::can_signal_by_pidfd()
               ? ""
               : "without pidfd_send_signal(2), which this system refuses, a signal could "
                 "reach another process";
}

std::string sudo_kill(const std::vector<pid_t>& pids) {
    std::string out = "sudo kill";
    for (const pid_t pid : pids) out += ' ' + std::to_string(pid);
    return out;
}

bool Roster::is_same(const Pinned& each, int pidfd) const {
    if (each.inode != 0) return sys::pidfd_inode(pidfd) == each.inode;
    const auto stat = census_->proc().stat(each.member.pid);
    return stat && stat->start_ticks == each.member.start_ticks;
}

bool Roster::has_ended(const Pinned& each) const {
    if (each.pidfd) return sys::has_ended(each.pidfd.get());
    const sys::Fd pidfd = run::Census::pin(each.member.pid);
    return !pidfd || !is_same(each, pidfd.get()) || sys::has_ended(pidfd.get());
}

// Pins the process first, and then verifies it again: its number may have been given to another process since
// it was found.
bool Roster::add(const run::Member& member) {
    sys::Fd pidfd = run::Census::pin(member.pid);
    if (!pidfd) return false;
    const auto stat = census_->proc().stat(member.pid);
    const bool same = stat ? !stat->dead() && stat->start_ticks == member.start_ticks
                           : member.pid == record_->pid && run::Census::lives_hidden(*record_, pidfd.get());
    if (!same) return false;
    Pinned each{member, sys::pidfd_inode(pidfd.get()), {}, false, false, false};
    if (static_cast<std::size_t>(pidfd.get()) + descriptors_spared < descriptor_limit())
        each.pidfd = std::move(pidfd);
    all_.push_back(std::move(each));
    if (freezing_)
        send(all_.back(),
             SIGSTOP);  // at once, since in a chain of forks each process lives only for a moment
    if (cgroups_.size() < cgroups_kept)
        if (auto group = sys::read_small("/proc/" + std::to_string(member.pid) + "/cgroup"); !group.empty())
            cgroups_.insert(std::move(group));
    return true;
}

bool Roster::pass() {
    std::vector<run::Member> known;
    std::unordered_set<pid_t> pids;
    for (const Pinned& each : all_) {
        known.push_back(each.member);
        pids.insert(each.member.pid);
    }
    census_->refresh();
    const auto members = census_->members(*record_, known);
    std::unordered_set<pid_t> present(pids);
    for (const run::Member& member : members) present.insert(member.pid);
    bool found = false;
    // The newest come first, since they may be the most short-lived.
    for (auto at = members.rbegin(); at != members.rend(); ++at) {
        const run::Member& member = *at;
        if (!present.contains(member.ppid) && member.ppid > 0 && member.ppid != record_->guardian_pid &&
            reapers_.size() < cgroups_kept)
            reapers_.insert(member.ppid);
        if (!pids.contains(member.pid) && add(member)) found = true;
    }
    return found;
}

bool Roster::look() {
    bool any = false;
    int idle = 0;
    // In a tree that forks without a pause no pass is the last one, so time is limited. kill() stops what it
    // finds, and looks again.
    const sys::Millis until = sys::monotonic_ms() + 300;
    for (int i = 0; i < most_passes && idle < idle_passes && (i == 0 || sys::monotonic_ms() < until); ++i) {
        const std::string before = last_process();
        const bool found = pass();
        settled_ = last_process() == before;
        any = any || found;
        idle = found ? 0 : idle + 1;
        if (settled_ && !found) break;
    }
    return any;
}

void Roster::drop_ended(const std::function<void(const Pinned&)>& ended) {
    std::erase_if(all_, [&](const Pinned& each) {
        if (!has_ended(each)) return false;
        ended(each);
        return true;
    });
    // Some processes had no pidfd because descriptors were short; there may be free ones now.
    for (Pinned& each : all_) {
        if (each.pidfd) continue;
        if (descriptors_left() == 0) break;
        sys::Fd pidfd = run::Census::pin(each.member.pid);
        if (pidfd && is_same(each, pidfd.get())) each.pidfd = std::move(pidfd);
    }
}

int Roster::send(Pinned& each, int signal, int also) const {
    sys::Fd again;
    if (!each.pidfd) {
        again = run::Census::pin(each.member.pid);
        if (!again || !is_same(each, again.get())) return ESRCH;
    }
    const int pidfd = each.pidfd ? each.pidfd.get() : again.get();
    const int error = sys::send_signal(pidfd, signal);
    if (error == 0 && also != 0) sys::send_signal(pidfd, also);
    each.denied = error == EPERM;
    return error;
}

void Roster::kill() {
    const sys::Millis until = sys::monotonic_ms() + 1'000;
    freezing_ = true;
    for (Pinned& each : all_) send(each, SIGSTOP);
    while (look() && sys::monotonic_ms() < until) {
    }
    freezing_ = false;
    for (Pinned& each : all_)
        if (send(each, SIGKILL) == 0) each.killed = true;
}

bool Roster::held() const {
    return std::all_of(all_.begin(), all_.end(), [](const Pinned& each) { return each.tells_end(); });
}

bool tell_guardian(const run::Record& record, const run::Census& census, int signal) {
    if (record.guardian_pid <= 0 || !census.same_boot(record) || !census.same_pid_namespace(record))
        return false;
    // --restart-on may give SIGQUIT another meaning, but never SIGTERM.
    if ((run::read_spec(record).restart_on & sys::signal_bit(signal)) != 0) signal = SIGTERM;
    const sys::Fd pidfd = run::Census::pin(record.guardian_pid);  // pinned first, then verified
    return pidfd && census.guardian_proven(record) && sys::send_signal(pidfd.get(), signal) == 0;
}

SignalReport signal_members(Roster& roster, const run::Record& record, int signal, run::Reach reach) {
    SignalReport report;
    for (int pass = 0; pass < 16; ++pass) {
        if (!roster.look() && pass > 0) break;
        for (Pinned& each : roster.all()) {
            if (each.signalled) continue;
            if (reach == run::Reach::leader && each.member.pid != record.pid) continue;
            if (reach == run::Reach::group && each.member.pgrp != record.pgid) continue;
            each.signalled = true;
            const int error = roster.send(each, signal);
            if (error == EPERM) report.denied = true;
            if (error == ENOSYS) report.impossible = true;
            if (error == 0) report.reached.push_back(each.member.pid);
        }
    }
    return report;
}

}  // namespace sigmund::ops
