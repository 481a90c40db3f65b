// SPDX-License-Identifier: Apache-2.0
// This file defines a numeric IPv4 or IPv6 address as a value. Host names are never looked up.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::sys {

struct Address {
    bool v6 = false;
    std::array<unsigned char, 16> bytes{};  // in network byte order; IPv4 uses the first four

    bool operator==(const Address&) const = default;
    bool is_wildcard() const;  // 0.0.0.0, ::
    bool is_loopback() const;  // 127.0.0.0/8, ::1
    // Returns the IPv4 address that is embedded in ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), and any other address
    // unchanged.
    Address unmapped() const;
    // Returns the address in its usual notation, such as "127.0.0.1" or "::1".
    std::string text() const;
};

// Parses an address such as "127.0.0.1" or "::1". An IPv4-mapped IPv6 address is returned as IPv4. Returns
// nothing when the text is no address.
std::optional<Address> parse_address(std::string_view text);
// An address and a port, in host byte order. endpoint_of() takes them from a socket address, IPv4-mapped
// addresses as IPv4, and returns nothing for families other than AF_INET and AF_INET6.
struct Endpoint {
    Address address;
    int port = 0;
    bool operator==(const Endpoint&) const = default;
};
std::optional<Endpoint> endpoint_of(const sockaddr_storage& address);
// Writes the socket address of an endpoint to `out` and returns its length in bytes.
socklen_t to_sockaddr(const Endpoint& endpoint, sockaddr_storage& out);

// Returns whether a connection to this address stays in this network namespace: the address is a wildcard, a
// loopback address or an address of one of its interfaces (getifaddrs(3)).
bool is_local(const Address& address);

}  // namespace sigmund::sys
