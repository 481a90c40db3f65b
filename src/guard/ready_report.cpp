// SPDX-License-Identifier: Apache-2.0
// This file says why a run may not be ready: what its processes listen on, and whether they have written
// anything.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "guard/ready.hpp"
#include "sys/address.hpp"
#include "sys/ports.hpp"

namespace sigmund::guard {
namespace {

std::string network_of(const std::string& process) {
    char out[64];
    const ssize_t n = ::readlink(("/proc/" + process + "/ns/net").c_str(), out, sizeof out);
    return n > 0 ? std::string(out, static_cast<std::size_t>(n)) : "";
}

// Returns a port by its number. When it is the port that was probed, the address is named, since that
// differs.
std::string name_port(const sys::OpenPort& open, int probed) {
    if (open.port != probed) return std::to_string(open.port);
    const bool v6 = open.address.find(':') != std::string::npos;
    return (v6 ? '[' + open.address + ']' : open.address) + ':' + std::to_string(open.port);
}

std::string list_ports(const std::vector<pid_t>& processes, int probed) {
    std::vector<std::string> names;
    const sys::Procfs proc;
    for (const sys::OpenPort& open : sys::OpenPorts(proc).of(processes)) {
        if (open.udp) continue;
        std::string name = name_port(open, probed);
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

}  // namespace

std::string describe_ports(const run::Probe& probe, const std::vector<pid_t>& processes) {
    using Kind = run::Probe::Kind;
    if (probe.kind != Kind::tcp && probe.kind != Kind::http) return "";
    const auto address = sys::parse_address(probe.host);
    if (address && !sys::is_local(*address)) return "";
    const std::string own = network_of("self");
    std::vector<pid_t> here, elsewhere;
    for (const pid_t pid : processes) {
        const std::string network = network_of(std::to_string(pid));
        (network.empty() || network == own ? here : elsewhere).push_back(pid);
    }
    const std::string ports = list_ports(here, probe.port);
    const std::string apart = list_ports(elsewhere, 0);
    if (ports.empty() && apart.empty()) return "the run listens on no TCP port";
    std::string out = "the run listens on " + ports;
    if (!apart.empty()) out += (ports.empty() ? "" : " and, ") + apart + " in a network namespace of its own";
    if (ports.empty()) return out;
    const bool same = ports.find(':' + std::to_string(probe.port)) != std::string::npos;
    return out + ", not " + (same ? probe.host + ':' : "") + std::to_string(probe.port);
}

std::string describe_output(const std::vector<LogStart>& logs) {
    const bool written = std::any_of(logs.begin(), logs.end(), [](const LogStart& log) {
        struct stat st {};
        return ::stat(log.path.c_str(), &st) != 0 || st.st_size != log.from;
    });
    return written ? ""
                   : "the run has printed nothing: its output may be buffered, which --tty prevents "
                     "(for Python also -e PYTHONUNBUFFERED=1)";
}

}  // namespace sigmund::guard
