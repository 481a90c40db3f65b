// SPDX-License-Identifier: Apache-2.0
#include "sys/address.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>

#include <algorithm>
#include <cstring>

namespace sigmund::sys {

bool Address::is_wildcard() const {
    return std::all_of(bytes.begin(), bytes.end(), [](unsigned char byte) { return byte == 0; });
}

bool Address::is_loopback() const {
    if (!v6) return bytes[0] == 127;
    return bytes[15] == 1 &&
           std::all_of(bytes.begin(), bytes.end() - 1, [](unsigned char byte) { return byte == 0; });
}

Address Address::unmapped() const {
    constexpr unsigned char prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (!v6 || std::memcmp(bytes.data(), prefix, sizeof prefix) != 0) return *this;
    Address out;
    std::copy(bytes.begin() + 12, bytes.end(), out.bytes.begin());
    return out;
}

std::string Address::text() const {
    char out[INET6_ADDRSTRLEN];
    return ::inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), out, sizeof out) ? out : "";
}

std::optional<Address> parse_address(std::string_view text) {
    const std::string copy(text);
    Address out;
    if (::inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1) return out;
    out.v6 = true;
    if (::inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1) return out.unmapped();
    return std::nullopt;
}

std::optional<Endpoint> endpoint_of(const sockaddr_storage& address) {
    Endpoint out;
    if (address.ss_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &address, sizeof v4);
        std::memcpy(out.address.bytes.data(), &v4.sin_addr, 4);
        out.port = ntohs(v4.sin_port);
        return out;
    }
    if (address.ss_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    out.address.v6 = true;
    std::memcpy(out.address.bytes.data(), &v6.sin6_addr, 16);
    out.address = out.address.unmapped();
    out.port = ntohs(v6.sin6_port);
    return out;
}

socklen_t to_sockaddr(const Endpoint& endpoint, sockaddr_storage& out) {
    out = {};
    if (!endpoint.address.v6) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(static_cast<std::uint16_t>(endpoint.port));
        std::memcpy(&v4.sin_addr, endpoint.address.bytes.data(), 4);
        std::memcpy(&out, &v4, sizeof v4);
        return sizeof v4;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<std::uint16_t>(endpoint.port));
    std::memcpy(&v6.sin6_addr, endpoint.address.bytes.data(), 16);
    std::memcpy(&out, &v6, sizeof v6);
    return sizeof v6;
}

bool is_local(const Address& address) {
    if (address.is_wildcard() || address.is_loopback()) return true;
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return false;
    bool found = false;
    for (const ifaddrs* each = all; each && !found; each = each->ifa_next) {
        if (!each->ifa_addr) continue;
        const int family = each->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6) continue;
        sockaddr_storage own{};
        std::memcpy(&own, each->ifa_addr, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
        const auto endpoint = endpoint_of(own);
        found = endpoint && endpoint->address == address;
    }
    ::freeifaddrs(all);
    return found;
}

}  // namespace sigmund::sys
