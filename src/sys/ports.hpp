// SPDX-License-Identifier: Apache-2.0
// Listening TCP ports and who holds them, from /proc/net/tcp, tcp6 and the links under /proc/PID/fd
// (proc(5)).
#pragma once
#include <cstdint>
#include <vector>

#include "sys/procfs.hpp"

namespace sigmund::sys {

// Inodes of the sockets that listen on a TCP port of this network namespace, IPv4 and IPv6.
std::vector<std::uint64_t> listening_sockets(int port);
// Whether a process has one of these sockets open.
bool holds_socket(const Procfs& proc, pid_t pid, const std::vector<std::uint64_t>& inodes);

}  // namespace sigmund::sys
