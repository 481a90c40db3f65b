// SPDX-License-Identifier: Apache-2.0
#include "ops/usage.hpp"

#include <unistd.h>

#include <algorithm>

#include "text/quote.hpp"

namespace sigmund::ops {

bool own_group(const run::Record& record, pid_t group) {
    const auto is = [&](const run::Part& part) { return part.pid == group; };
    return group == record.pgid || std::any_of(record.stages.begin(), record.stages.end(), is) ||
           std::any_of(record.workers.begin(), record.workers.end(), is);
}

Usage usage_of(const run::Record& record, const run::Census& census) {
    Usage out;
    const std::int64_t hertz = sys::clock_ticks_per_second();
    const std::int64_t page = ::sysconf(_SC_PAGESIZE);
    std::vector<pid_t> pids;
    for (const run::Member& member : census.members(record)) {
        const auto stat = census.proc().stat(member.pid);
        if (!stat) continue;
        ProcessUsage p;
        p.member = member;
        p.comm = stat->comm;
        const auto argv = census.proc().command_line(member.pid);
        p.command = argv.empty() ? '[' + stat->comm + ']' : text::quote(argv);
        p.cpu_ms = static_cast<sys::Millis>(stat->user_ticks + stat->system_ticks) * 1000 / hertz;
        p.rss_bytes = stat->rss_pages * page;
        p.escaped = !own_group(record, member.pgrp);
        out.cpu_ms += p.cpu_ms;
        out.rss_bytes += p.rss_bytes;
        pids.push_back(member.pid);
        out.processes.push_back(std::move(p));
    }
    out.ports = sys::open_ports(census.proc(), pids);
    return out;
}

Load load_of(const run::Record& record, const run::Census& census) {
    Load out;
    const std::int64_t hertz = sys::clock_ticks_per_second();
    const std::int64_t page = ::sysconf(_SC_PAGESIZE);
    for (const run::Member& member : census.members(record)) {
        const auto stat = census.proc().stat(member.pid);
        if (!stat) continue;
        out.cpu_ms += static_cast<sys::Millis>(stat->user_ticks + stat->system_ticks) * 1000 / hertz;
        out.rss_bytes += stat->rss_pages * page;
    }
    return out;
}

std::vector<int> tcp_ports_of(const run::Record& record, const run::Census& census) {
    std::vector<pid_t> pids;
    for (const run::Member& member : census.members(record)) pids.push_back(member.pid);
    std::vector<int> ports;
    for (const sys::OpenPort& port : sys::open_ports(census.proc(), pids))
        if (!port.udp && (ports.empty() || ports.back() != port.port)) ports.push_back(port.port);
    return ports;
}

}  // namespace sigmund::ops
