// SPDX-License-Identifier: Apache-2.0
// This file examines, before a life begins, whether its ports (--port) are taken, and what the probes of --ready
// would find. A port or a socket on which a process listens already is `taken`: the command could not listen
// there, and answers would prove nothing. Files that exist already are remembered, so that only a new file
// counts. It runs in the launcher for the first life and in an aide
// for later ones.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "run/probe.hpp"
#include "run/store.hpp"

namespace sigmund::guard {

// The file that a path named at one moment. Every change of a file changes its ctime.
struct FileMark {
    bool exists = false;
    std::uint64_t dev = 0, ino = 0;
    std::int64_t changed_s = 0, changed_ns = 0;
    bool operator==(const FileMark&) const = default;
};
// Returns the mark of the file at `path`; `exists` is false when it cannot be read.
FileMark mark_file(const std::string& path);

// The result. It consists of plain bytes, because an aide returns it through shared memory.
struct ReadyLook {
    enum class Found : std::uint8_t { free, taken, unknown };
    static constexpr std::size_t most = 32;  // the number of probes and of sockets that are remembered

    Found found = Found::free;
    char problem[1024] = {};  // a text for people; for `unknown` it says why
    FileMark files[most];     // by the number of the probe
    // Listening sockets that existed before and do not prevent the start: they were passed by --keep-fd, are
    // shared by SO_REUSEPORT, or belong to this run. They prove nothing until a process of this run holds
    // them.
    std::uint64_t tolerated[most] = {};
    std::size_t tolerated_count = 0;

    // Returns whether this inode is among the tolerated sockets.
    bool tolerates(std::uint64_t socket) const;
};

struct LookRequest {
    const std::vector<run::Probe>& probes;
    std::vector<std::uint64_t> kept;  // inodes of the sockets that the command inherits
    const run::Store& store;
    const std::string& project;
    // Processes of a run that this one replaces. They end before the life begins.
    std::vector<pid_t> replaced = {};
    // The guardian of this run, whose own processes are not foreign; 0: there is none yet.
    pid_t guardian = 0;
    int lifeline = -1;
    // The ports of --port. It is not known on which address the command will listen, so a listener on any
    // address of such a port is in the way.
    run::PortRange ports = {};
};
// Examines the ports and all probes and writes the result to `out`. A probe that connects waits for at most half a second.
void look_before_life(const LookRequest& request, ReadyLook& out);
// Returns the inodes of those descriptors that are sockets.
std::vector<std::uint64_t> sockets_of(const std::vector<int>& descriptors);

// Returns whether any of the probes needs look_before_life().
bool needs_look(const std::vector<run::Probe>& probes);

// Returns the living processes of the run of this guardian: all its descendants without its aides.
std::vector<pid_t> run_processes(pid_t guardian, std::size_t at_most = std::string::npos);

// Returns the inodes of the bound unix sockets that a path may name. Only the last component of relative
// names is compared. The sockets are those that the process `seen_by` sees (0: this process).
std::vector<std::uint64_t> sockets_at(const std::string& path, pid_t seen_by = 0);

}  // namespace sigmund::guard
