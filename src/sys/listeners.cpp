// SPDX-License-Identifier: Apache-2.0
#include "sys/listeners.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "sys/fd.hpp"
#include "sys/file.hpp"

namespace sigmund::sys {
namespace {

constexpr std::size_t largest_table = 64 << 20;  // in bytes; about 400,000 connections

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const auto end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(end);
    return word;
}

template <typename Int>
bool number(std::string_view word, Int& out, int base) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out, base);
    return error == std::errc{} && end == word.data() + word.size() && !word.empty();
}

// Parses ADDRESS:PORT. The address consists of groups of four bytes, each written as a number in the
// machine's byte order.
bool local_end(std::string_view word, bool v6, TcpListener& out) {
    const auto colon = word.find(':');
    if (colon != (v6 ? 32U : 8U) || !number(word.substr(colon + 1), out.port, 16)) return false;
    out.address.v6 = v6;
    for (std::size_t at = 0; at < colon; at += 8) {
        std::uint32_t group = 0;
        if (!number(word.substr(at, 8), group, 16)) return false;
        std::memcpy(out.address.bytes.data() + at / 2, &group, 4);
    }
    return out.port >= 0 && out.port <= 65535;
}

bool read_table(const std::string& path, std::string& out) {
    out = read_small(path, largest_table);
    return !out.empty();  // the table always begins with a header line
}

}  // namespace

std::vector<TcpListener> parse_tcp_listeners(std::string_view table, bool v6) {
    std::vector<TcpListener> out;
    take_line(table);
    while (!table.empty()) {
        std::string_view line = take_line(table);
        TcpListener row;
        unsigned state = 0;
        take_word(line);  // "0:"
        const std::string_view local = take_word(line);
        take_word(line);  // remote address
        if (!number(take_word(line), state, 16) || state != 0x0A || !local_end(local, v6, row)) continue;
        take_word(line);  // queues
        take_word(line);  // timer
        take_word(line);  // retransmits
        if (!number(take_word(line), row.uid, 10)) continue;
        take_word(line);  // timeout
        if (number(take_word(line), row.inode, 10)) out.push_back(row);
    }
    return out;
}

std::vector<UnixSocket> parse_unix_sockets(std::string_view table) {
    std::vector<UnixSocket> out;
    take_line(table);
    while (!table.empty()) {
        std::string_view line = take_line(table);
        UnixSocket row;
        unsigned flags = 0;
        take_word(line);  // kernel address
        take_word(line);  // references
        take_word(line);  // protocol
        if (!number(take_word(line), flags, 16) || !number(take_word(line), row.type, 16)) continue;
        take_word(line);  // state
        if (!number(take_word(line), row.inode, 10)) continue;
        row.listening = (flags & 0x10000U) != 0;  // __SO_ACCEPTCON
        if (!line.empty()) row.path = line.substr(1);
        if (!row.path.empty()) out.push_back(std::move(row));
    }
    return out;
}

std::optional<std::vector<TcpListener>> tcp_listeners() {
    std::string text;
    if (!read_table("/proc/self/net/tcp", text)) return std::nullopt;
    std::vector<TcpListener> out = parse_tcp_listeners(text, false);
    if (read_table("/proc/self/net/tcp6", text)) {
        const auto more = parse_tcp_listeners(text, true);
        out.insert(out.end(), more.begin(), more.end());
    } else if (errno != ENOENT) {
        return std::nullopt;
    }
    return out;
}

std::optional<std::vector<UnixSocket>> unix_sockets(pid_t pid) {
    std::string text;
    const std::string process = pid == 0 ? "self" : std::to_string(pid);
    if (!read_table("/proc/" + process + "/net/unix", text)) return std::nullopt;
    return parse_unix_sockets(text);
}

Overlap overlap(const TcpListener& listener, const Endpoint& wanted) {
    if (listener.port != wanted.port) return Overlap::no;
    const Address own = listener.address.unmapped();
    if (own.v6 == wanted.address.v6)
        return own == wanted.address || own.is_wildcard() || wanted.address.is_wildcard() ? Overlap::yes
                                                                                          : Overlap::no;
    return own.v6 && own.is_wildcard() ? Overlap::maybe : Overlap::no;
}

std::vector<TcpListener> answering(const std::vector<TcpListener>& all, const Endpoint& endpoint) {
    // The kernel prefers the exact address to a wildcard of the family (inet_lookup_listener).
    const auto rank = [&](const TcpListener& each) {
        if (each.port != endpoint.port) return 0;
        const Address own = each.address.unmapped();
        if (own == endpoint.address) return 3;
        if (!own.is_wildcard()) return 0;
        if (own.v6 == endpoint.address.v6) return 2;
        return own.v6 ? 1 : 0;
    };
    int best = 1;
    for (const TcpListener& each : all) best = std::max(best, rank(each));
    std::vector<TcpListener> out;
    for (const TcpListener& each : all)
        if (rank(each) == best) out.push_back(each);
    return out;
}

bool shares_port(const TcpListener& listener) {
    const Fd fd(::socket(listener.address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    sockaddr_storage address;
    const socklen_t size = to_sockaddr({listener.address, listener.port}, address);
    return fd && ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0 &&
           ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0;
}

}  // namespace sigmund::sys
