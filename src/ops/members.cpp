// SPDX-License-Identifier: Apache-2.0
#include "ops/members.hpp"

#include <cerrno>
#include <unordered_set>

#include "run/spec.hpp"

namespace sigmund::ops {

std::vector<PinnedMember> pin_members(const run::Record& record, run::Census& census) {
    std::vector<PinnedMember> out;
    census.refresh();
    for (const run::Member& member : census.members(record)) {
        sys::Fd pidfd = sys::open_pidfd(member.pid);
        if (!pidfd) continue;
        const auto stat = census.proc().stat(member.pid);
        const bool same = stat ? !stat->dead() && stat->start_ticks == member.start_ticks
                               : member.pid == record.pid && run::Census::lives_hidden(record, pidfd.get());
        if (!same) continue;
        out.push_back({member, std::move(pidfd)});
    }
    return out;
}

bool tell_guardian(const run::Record& record, const run::Census& census, int signal) {
    if (record.guardian_pid <= 0 || !census.same_boot(record) || !census.same_pid_namespace(record))
        return false;
    // `--restart-on QUIT` gives that another meaning; SIGTERM can have no other.
    if ((run::read_spec(record).restart_on & sys::signal_bit(signal)) != 0) signal = SIGTERM;
    const sys::Fd pidfd = sys::open_pidfd(record.guardian_pid);  // first: then looked at
    return pidfd && census.guardian_proven(record) && sys::send_signal(pidfd.get(), signal) == 0;
}

SignalReport signal_members(const run::Record& record, run::Census& census, int signal, int also,
                            const std::string& reach) {
    SignalReport report;
    std::unordered_set<pid_t> done;
    for (int pass = 0; pass < 16; ++pass) {
        bool found = false;
        for (const PinnedMember& each : pin_members(record, census)) {
            const bool in_group = each.member.pgrp == record.pgid;
            if (reach == "leader" && each.member.pid != record.pid) continue;
            if (reach == "group" && !in_group) continue;
            if (!done.insert(each.member.pid).second) continue;
            found = true;
            const int error = sys::send_signal(each.pidfd.get(), signal);
            if (error == EPERM) report.denied = true;
            if (error != 0) continue;
            if (also != 0) sys::send_signal(each.pidfd.get(), also);
            report.reached.push_back(each.member.pid);
            if (!in_group) ++report.escaped;
        }
        if (!found) break;
    }
    return report;
}

}  // namespace sigmund::ops
