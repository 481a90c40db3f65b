// SPDX-License-Identifier: Apache-2.0
#include "guard/probe_connect.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sys/clock.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis moment = 100;  // in ms; a proxy whose server is missing hangs up within this time

Connection failed(int error) {
    Connection out;
    out.error = error;
    return out;
}

Connection connected(int family, int type, const sockaddr* address, socklen_t size, const Attempt& attempt) {
    Connection out;
    sys::Fd fd(::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return failed(errno);
    if (::connect(fd.get(), address, size) != 0) {
        if (errno != EINPROGRESS) return failed(errno);
        int error = 0;
        socklen_t length = sizeof error;
        if (!attempt.ready(fd.get(), POLLOUT)) return failed(ETIMEDOUT);
        if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) return failed(errno);
        if (error != 0) return failed(error);
    }
    out.fd = std::move(fd);
    return out;
}

}  // namespace

bool Attempt::ready(int fd, short events) const {
    for (;;) {
        pollfd set[] = {{fd, events, 0}, {lifeline, POLLIN, 0}};
        const Millis left = std::max<Millis>(0, until - sys::monotonic_ms());
        const int n = ::poll(set, 2, static_cast<int>(left));
        if (n < 0 && errno == EINTR) continue;
        return n > 0 && set[1].revents == 0;
    }
}

std::vector<sys::Endpoint> endpoints_of(const run::Probe& probe) {
    std::vector<sys::Endpoint> out;
    const std::vector<std::string> hosts =
        probe.host == "localhost" ? std::vector<std::string>{"127.0.0.1", "::1"} : std::vector{probe.host};
    for (const std::string& host : hosts)
        if (const auto address = sys::parse_address(host)) out.push_back({*address, probe.port});
    return out;
}

Connection connect_to(const sys::Endpoint& endpoint, const Attempt& attempt) {
    sockaddr_storage address;
    const socklen_t size = sys::to_sockaddr(endpoint, address);
    Connection out =
        connected(address.ss_family, SOCK_STREAM, reinterpret_cast<const sockaddr*>(&address), size, attempt);
    if (!out.fd) return out;
    sockaddr_storage own{}, other{};
    socklen_t length = sizeof own;
    if (::getsockname(out.fd.get(), reinterpret_cast<sockaddr*>(&own), &length) != 0) return failed(errno);
    length = sizeof other;
    if (::getpeername(out.fd.get(), reinterpret_cast<sockaddr*>(&other), &length) != 0) return failed(errno);
    const auto here = sys::endpoint_of(own), there = sys::endpoint_of(other);
    if (!there || (here && *here == *there)) return failed(ECONNREFUSED);
    out.peer = *there;
    return out;
}

Connection connect_to_unix(const std::string& path, const Attempt& attempt) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    sys::Fd folder;
    std::string name = path;
    if (name.size() >= sizeof address.sun_path) {
        const auto slash = path.rfind('/');
        folder.reset(
            ::open(slash == 0 ? "/" : path.substr(0, slash).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!folder) return failed(errno);
        name = "/proc/self/fd/" + std::to_string(folder.get()) + path.substr(slash);
        if (name.size() >= sizeof address.sun_path) return failed(ENAMETOOLONG);
    }
    std::memcpy(address.sun_path, name.c_str(), name.size());
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    Connection out;
    for (const int type : {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM}) {
        out = connected(AF_UNIX, type, generic, sizeof address, attempt);
        if (out.fd || out.error != EPROTOTYPE) break;
    }
    return out;
}

bool closed_at_once(int fd, const Attempt& attempt) {
    const Attempt brief{attempt.lifeline, std::min(attempt.until, sys::monotonic_ms() + moment)};
    if (!brief.ready(fd, POLLIN | POLLRDHUP)) return false;
    char byte;
    const ssize_t n = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

std::string http_answer(const run::Probe& probe, int fd, const Attempt& attempt) {
    const bool v6 = probe.host.find(':') != std::string::npos;
    const std::string host = v6 ? '[' + probe.host + ']' : probe.host;
    const std::string request = "GET " + probe.path + " HTTP/1.0\r\nHost: " + host + ':' +
                                std::to_string(probe.port) + "\r\nUser-Agent: sigmund\r\n\r\n";
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        return "the request could not be sent";
    std::string answer;  // "HTTP/1.1 200 OK"
    while (answer.size() < 12) {
        if (!attempt.ready(fd, POLLIN)) return "connected, but no answer";
        char buffer[64];
        const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
        if (n <= 0) return "connected, then closed without an answer";
        answer.append(buffer, static_cast<std::size_t>(n));
    }
    const std::string status = answer.substr(9, 3);
    const bool digits =
        std::all_of(status.begin(), status.end(), [](char c) { return c >= '0' && c <= '9'; });
    return answer.starts_with("HTTP/") && digits ? status : "the answer is not HTTP";
}

}  // namespace sigmund::guard
