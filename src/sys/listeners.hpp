// SPDX-License-Identifier: Apache-2.0
// This file reads the listening sockets of this network namespace from /proc/net/tcp, tcp6 and unix
// (proc(5)). The parsers are pure.
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
    Address address;  // from the IPv6 table as it is there: ::ffff:127.0.0.1 stays IPv6
    int port = 0;
    std::uint64_t inode = 0;
    uid_t uid = 0;  // the user of the process that created the socket
};

struct UnixSocket {
    std::uint64_t inode = 0;
    int type = 0;            // SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET
    bool listening = false;  // SO_ACCEPTCON; never set for a datagram socket
    std::string path;        // as it was bound, possibly relative; empty: the socket has no path
};

// Returns the rows whose state is LISTEN, or all unix sockets. Lines that cannot be parsed are skipped.
std::vector<TcpListener> parse_tcp_listeners(std::string_view table, bool v6);
std::vector<UnixSocket> parse_unix_sockets(std::string_view table);

// Returns the TCP listeners of this network namespace. Returns nothing, with errno set, when a table cannot
// be read. A kernel without IPv6 has no tcp6 table, which is no error.
std::optional<std::vector<TcpListener>> tcp_listeners();
// The same for the bound unix sockets in the network namespace of `pid` (0: of this process).
std::optional<std::vector<UnixSocket>> unix_sockets(pid_t pid = 0);

// Tells whether a listener accepts connections to an address, or would prevent binding another socket to it.
// This is so when the addresses are equal or one of them is the wildcard of the family. A listener on `::`
// also accepts IPv4 unless IPV6_V6ONLY is set, which the table does not show: then the answer is `maybe`.
enum class Overlap : std::uint8_t { no, maybe, yes };
Overlap overlap(const TcpListener& listener, const Endpoint& wanted);

// Returns the listeners among which the kernel chooses for a connection to an endpoint: those on the exact
// address, else those on its wildcard, else those on a dual-stack `::`. There are several when SO_REUSEPORT
// is used.
std::vector<TcpListener> answering(const std::vector<TcpListener>& all, const Endpoint& endpoint);

// Returns whether a second socket of this user can listen on the same endpoint: both must have set
// SO_REUSEPORT, but only the first socket's setting is unknown. This is tested by bind(2) without listen(2);
// where a listener has the address already, this takes no connection from anybody.
bool shares_port(const TcpListener& listener);

}  // namespace sigmund::sys
