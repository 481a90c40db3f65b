// SPDX-License-Identifier: Apache-2.0
// What a live run uses now: CPU time, memory and ports, for each process.
#pragma once
#include <string>
#include <vector>

#include "run/census.hpp"
#include "sys/ports.hpp"

namespace sigmund::ops {

struct ProcessUsage {
    run::Member member;
    std::string comm, command;
    sys::Millis cpu_ms = 0;  // of the process itself, not of its children
    std::int64_t rss_bytes = 0;
    std::int64_t peak_rss_bytes =
        0;                 // the most that it has had since it executed its program (VmHWM, proc(5))
    bool escaped = false;  // not in one of the run's own process groups
};

struct Usage {
    std::vector<ProcessUsage> processes;
    std::vector<sys::OpenPort> ports;
    sys::Millis cpu_ms = 0;
    std::int64_t rss_bytes = 0;
    std::int64_t peak_rss_bytes = 0;  // of the live process that has had the most; the kernel keeps no sum
};

// Measures the live processes of a run. `census` must be of the present.
Usage usage_of(const run::Record& record, const run::Census& census);

// What a table shows of a live run.
struct Figures {
    sys::Millis cpu_ms = 0;
    std::int64_t rss_bytes = 0;
    std::vector<int> tcp_ports;  // on which it listens, each once, in order
};
// Measures a run, as one of many.
Figures figures_of(const run::Record& record, const run::Census& census, sys::OpenPorts& ports);

// What all processes of a run use together.
struct Load {
    sys::Millis cpu_ms = 0;  // since each of them began
    std::int64_t rss_bytes = 0;
};
// Measures only that, which costs much less than usage_of().
Load load_of(const run::Record& record, const run::Census& census);
// Returns the TCP ports that the live processes of a run listen on, each once, in order. It costs less than
// usage_of().
std::vector<int> tcp_ports_of(const run::Record& record, const run::Census& census);
// Returns whether a process group is one of the run's own: that of its leader, a stage or a worker.
bool own_group(const run::Record& record, pid_t group);

}  // namespace sigmund::ops
