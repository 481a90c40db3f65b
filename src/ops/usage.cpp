// SPDX-License-Identifier: Apache-2.0
#include "ops/usage.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "text/quote.hpp"

namespace sigmund::ops {

bool own_group(const run::Record& record, pid_t group) {
    const auto is = [&](const run::Part& part) { return part.pid == group; };
    return group == record.pgid || std::any_of(record.stages.begin(), record.stages.end(), is) ||
           std::any_of(record.workers.begin(), record.workers.end(), is);
}

namespace {

// Returns bytes. A zombie has none.
std::int64_t peak_of(const sys::Procfs& proc, pid_t pid) {
    const auto kilobytes = proc.status_field(pid, "VmHWM");
    return kilobytes ? std::strtoll(kilobytes->c_str(), nullptr, 10) * 1024 : 0;
}

}  // namespace

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
        p.peak_rss_bytes = std::max(p.rss_bytes, peak_of(census.proc(), member.pid));
        p.escaped = !own_group(record, member.pgrp);
        out.cpu_ms += p.cpu_ms;
        out.rss_bytes += p.rss_bytes;
        out.peak_rss_bytes = std::max(out.peak_rss_bytes, p.peak_rss_bytes);
        pids.push_back(member.pid);
        out.processes.push_back(std::move(p));
    }
    out.ports = sys::OpenPorts(census.proc()).of(pids);
    return out;
}

namespace {

std::vector<int> tcp_ports_of(const std::vector<pid_t>& pids, sys::OpenPorts& ports) {
    std::vector<int> out;
    for (const sys::OpenPort& port : ports.of(pids))
        if (!port.udp && (out.empty() || out.back() != port.port)) out.push_back(port.port);
    return out;
}

}  // namespace

Figures figures_of(const run::Record& record, const run::Census& census, sys::OpenPorts& ports) {
    Figures out;
    std::int64_t ticks = 0, pages = 0;
    std::vector<pid_t> pids;
    for (const run::Member& member : census.members(record)) {
        const auto stat = census.proc().stat(member.pid);
        if (!stat) continue;
        ticks += static_cast<std::int64_t>(stat->user_ticks + stat->system_ticks);
        pages += stat->rss_pages;
        pids.push_back(member.pid);
    }
    out.cpu_ms = ticks * 1000 / sys::clock_ticks_per_second();
    out.rss_bytes = pages * ::sysconf(_SC_PAGESIZE);
    out.tcp_ports = tcp_ports_of(pids, ports);
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
    sys::OpenPorts ports(census.proc());
    return tcp_ports_of(pids, ports);
}

}  // namespace sigmund::ops
