// SPDX-License-Identifier: Apache-2.0
// A numeric IPv4 or IPv6 address as a value. Names are never looked up.
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
    std::array<unsigned char, 16> bytes{};  // of IPv4 the first four

    bool operator==(const Address&) const = default;
    bool is_wildcard() const;  // 0.0.0.0, ::
    bool is_loopback() const;  // 127.0.0.0/8, ::1
    // The IPv4 address in ::ffff:a.b.c.d (RFC 4291, 2.5.5.2); every other address is returned as it is.
    Address unmapped() const;
    std::string text() const;
};

// ask: "127.0.0.1" or "::1"; an IPv4-mapped address is returned as IPv4.
std::optional<Address> parse_address(std::string_view text);
// ask: the address in a socket address, and its port; nothing for other families.
struct Endpoint {
    Address address;
    int port = 0;
    bool operator==(const Endpoint&) const = default;
};
std::optional<Endpoint> endpoint_of(const sockaddr_storage& address);
// The socket address for an endpoint, and its length.
socklen_t to_sockaddr(const Endpoint& endpoint, sockaddr_storage& out);

// Whether connecting to this address reaches this network namespace itself: a wildcard, a loopback address or
// an address of one of its interfaces (getifaddrs(3)).
bool is_local(const Address& address);

}  // namespace sigmund::sys
