// SPDX-License-Identifier: Apache-2.0
// What the probes of --ready find before a life begins: a port or a socket on which a process listens already
// is `taken`, since its answers would prove nothing; files that are there already are remembered, so that
// only a new one counts. Runs in the launcher for the first life, in an aide for later ones.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "run/probe.hpp"
#include "run/store.hpp"

namespace sigmund::guard {

// Which file a path named at one moment. Every change of a file changes its ctime.
struct FileMark {
    bool exists = false;
    std::uint64_t dev = 0, ino = 0;
    std::int64_t changed_s = 0, changed_ns = 0;
    bool operator==(const FileMark&) const = default;
};
FileMark mark_file(const std::string& path);

// Plain bytes: an aide hands it back through shared memory.
struct ReadyLook {
    enum class Found : std::uint8_t { free, taken, unknown };
    static constexpr std::size_t most = 32;  // probes and sockets that are remembered

    Found found = Found::free;
    char problem[1024] = {};  // for people; of `unknown` why
    FileMark files[most];     // by the probe's number
    // Listening sockets that were there and do not stand in the way: handed in by --keep-fd, shared by
    // SO_REUSEPORT, or of this run. They prove nothing until a process of this run holds them.
    std::uint64_t tolerated[most] = {};
    std::size_t tolerated_count = 0;

    bool tolerates(std::uint64_t socket) const;
};

struct LookRequest {
    const std::vector<run::Probe>& probes;
    std::vector<std::uint64_t> kept;  // sockets that the command inherits: inodes
    const run::Store& store;
    const std::string& project;
    // Processes of a run that this one replaces: they end before the life begins.
    std::vector<pid_t> replaced = {};
    pid_t guardian = 0;  // of this run, whose processes are no strangers; 0: it has none yet
    int lifeline = -1;
};
void look_before_life(const LookRequest& request, ReadyLook& out);
// The inodes of those descriptors that are sockets.
std::vector<std::uint64_t> sockets_of(const std::vector<int>& descriptors);

// Whether a look has anything to look at.
bool needs_look(const std::vector<run::Probe>& probes);

// The living processes of the run of this guardian: all that descend from it, its aides excepted.
std::vector<pid_t> run_processes(pid_t guardian);

// The bound unix sockets that a path may name: inodes. Of relative names the last part is compared.
std::vector<std::uint64_t> sockets_at(const std::string& path, pid_t seen_by = 0);

}  // namespace sigmund::guard
