// SPDX-License-Identifier: Apache-2.0
// The sockets that listen in this network namespace, from /proc/net/tcp, tcp6 and unix (proc(5)). The parsers
// are pure.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/address.hpp"

namespace sigmund::sys {

struct TcpListener {
    Address address;  // of the IPv6 table as it stands there: ::ffff:127.0.0.1 stays IPv6
    int port = 0;
    std::uint64_t inode = 0;
    uid_t uid = 0;  // of the process that created the socket
};

struct UnixSocket {
    std::uint64_t inode = 0;
    int type = 0;            // SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET
    bool listening = false;  // SO_ACCEPTCON; a datagram socket never listens
    std::string path;        // as it was bound, perhaps relative; empty: none
};

// The rows of a table whose state is LISTEN. Lines that do not parse are passed over.
std::vector<TcpListener> parse_tcp_listeners(std::string_view table, bool v6);
std::vector<UnixSocket> parse_unix_sockets(std::string_view table);

// ask: the listeners of this network namespace; nothing, with errno set, when a table cannot be read. A
// kernel without IPv6 has no tcp6, which is no failure.
std::optional<std::vector<TcpListener>> tcp_listeners();
// ask: the same for the bound unix sockets, as `pid` (0: this process) sees them.
std::optional<std::vector<UnixSocket>> unix_sockets(pid_t pid = 0);

// Whether a listener takes connections to an address, or would keep another socket from being bound there:
// the same address, or one of both is the wildcard of that family. `::` takes IPv4 as well, unless
// IPV6_V6ONLY is set, which the table does not tell: those are `maybe`.
enum class Overlap : std::uint8_t { no, maybe, yes };
Overlap overlap(const TcpListener& listener, const Endpoint& wanted);

// The listeners that the kernel chooses from for a connection to an endpoint: those of the very address, else
// those of its wildcard, else those of a dual-stack `::`. Several: SO_REUSEPORT.
std::vector<TcpListener> answering(const std::vector<TcpListener>& all, const Endpoint& endpoint);

// Whether a second socket of this user can listen beside this one: both must have set SO_REUSEPORT, and only
// the first is known to. Tried by binding, never by listening; where a listener has the address already, this
// takes nothing from anybody.
bool shares_port(const TcpListener& listener);

}  // namespace sigmund::sys
