// SPDX-License-Identifier: Apache-2.0
// This file finds listening TCP ports and the processes that hold them, in /proc/net/tcp, tcp6 and the links
// under /proc/PID/fd (proc(5)).
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "sys/procfs.hpp"

namespace sigmund::sys {

// A socket that receives from the network: a listening TCP socket, or a UDP socket that is bound and not
// connected.
struct OpenPort {
    bool udp = false;
    std::string address;  // numeric
    int port = 0;
    std::uint64_t inode = 0;
    pid_t pid = 0;  // the process that holds it; 0: not found yet
};
// The sockets of the machine, read once for each network namespace when they are first needed.
class OpenPorts {
  public:
    explicit OpenPorts(const Procfs& proc) : proc_(proc) {}
    // Returns the sockets that any of the processes holds, each once, sorted by port. Each process is looked up
    // in its own network namespace.
    std::vector<OpenPort> of(const std::vector<pid_t>& pids);

  private:
    using Sockets = std::unordered_map<std::uint64_t, OpenPort>;  // by their inodes
    // Returns nullptr when the process has ended or may not be looked at.
    const Sockets* sockets_around(pid_t pid);

    const Procfs& proc_;
    std::map<std::string, Sockets> namespaces_;
};

// Returns the inodes of the sockets that listen on a TCP port of this network namespace, over IPv4 and IPv6.
std::vector<std::uint64_t> listening_sockets(int port);
// Returns the inodes of all sockets that a process has open. When its descriptors cannot be read, there are
// none.
std::vector<std::uint64_t> open_sockets(const Procfs& proc, pid_t pid);
// Returns whether a process has one of these sockets open. When its descriptors cannot be read, the result is
// false and errno is set: EACCES, or ENOENT when the process has ended. Otherwise errno is 0.
bool holds_socket(const Procfs& proc, pid_t pid, const std::vector<std::uint64_t>& inodes);

}  // namespace sigmund::sys
