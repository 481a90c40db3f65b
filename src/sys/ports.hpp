// SPDX-License-Identifier: Apache-2.0
// Listening TCP ports and who holds them, from /proc/net/tcp, tcp6 and the links under /proc/PID/fd
// (proc(5)).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sys/procfs.hpp"

namespace sigmund::sys {

// A socket that receives from the network: TCP that listens, UDP that is bound and not connected.
struct OpenPort {
    bool udp = false;
    std::string address;  // numeric
    int port = 0;
    std::uint64_t inode = 0;
    pid_t pid = 0;  // who holds it, once found
};
// Those that one of the processes holds, from each one's own network namespace; by port, each once.
std::vector<OpenPort> open_ports(const Procfs& proc, const std::vector<pid_t>& pids);

// Inodes of the sockets that listen on a TCP port of this network namespace, IPv4 and IPv6.
std::vector<std::uint64_t> listening_sockets(int port);
// Whether a process has one of these sockets open. When its descriptors cannot be looked at the answer is
// false with errno set: EACCES, of one that has ended ENOENT; otherwise errno is 0.
bool holds_socket(const Procfs& proc, pid_t pid, const std::vector<std::uint64_t>& inodes);

}  // namespace sigmund::sys
