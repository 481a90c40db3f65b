// SPDX-License-Identifier: Apache-2.0
// The probes themselves, in an aide. Where the kernel tells of changes (files) they wait for it; else they
// try again after 10 ms, doubling to 250 ms. None of them outlives its lifeline by more than a moment.
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "guard/ready.hpp"
#include "sys/inotify.hpp"

namespace sigmund::guard {
namespace {

constexpr Millis patience = 2'000;                             // for a peer that says nothing
[[maybe_unused]] constexpr rlim_t matcher_memory = 256 << 20;  // an expression may want any amount

// One attempt at reaching somebody: it is over when the lifeline is, or `patience` has passed.
struct Attempt {
    int lifeline;
    Millis until = sys::monotonic_ms() + patience;

    bool ready(int fd, short events) const {
        for (;;) {
            pollfd set[] = {{fd, events, 0}, {lifeline, POLLIN, 0}};
            const Millis left = std::max<Millis>(0, until - sys::monotonic_ms());
            const int n = ::poll(set, 2, static_cast<int>(left));
            if (n < 0 && errno == EINTR) continue;
            return n > 0 && set[1].revents == 0;
        }
    }
};

sys::Fd connected(int family, const sockaddr* address, socklen_t size, const Attempt& attempt) {
    sys::Fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return fd;
    if (::connect(fd.get(), address, size) == 0) return fd;
    if (errno != EINPROGRESS) return sys::Fd();
    int error = 0;
    socklen_t length = sizeof error;
    if (!attempt.ready(fd.get(), POLLOUT) ||
        ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0)
        return sys::Fd();
    return fd;
}

sys::Fd connect_tcp(const std::string& host, int port, const Attempt& attempt) {
    if (host == "localhost") {
        sys::Fd fd = connect_tcp("127.0.0.1", port, attempt);
        return fd ? std::move(fd) : connect_tcp("::1", port, attempt);
    }
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1)
        return connected(AF_INET, reinterpret_cast<const sockaddr*>(&v4), sizeof v4, attempt);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return sys::Fd();
    return connected(AF_INET6, reinterpret_cast<const sockaddr*>(&v6), sizeof v6, attempt);
}

bool answers_http(const run::Probe& probe, const Attempt& attempt) {
    const sys::Fd fd = connect_tcp(probe.host, probe.port, attempt);
    if (!fd) return false;
    const bool v6 = probe.host.find(':') != std::string::npos;
    const std::string host = v6 ? '[' + probe.host + ']' : probe.host;
    const std::string request = "GET " + probe.path + " HTTP/1.0\r\nHost: " + host + ':' +
                                std::to_string(probe.port) + "\r\nUser-Agent: sigmund\r\n\r\n";
    if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size()))
        return false;
    std::string answer;  // "HTTP/1.1 200 OK"
    while (answer.size() < 12) {
        if (!attempt.ready(fd.get(), POLLIN)) return false;
        char buffer[64];
        const ssize_t n = ::recv(fd.get(), buffer, sizeof buffer, 0);
        if (n <= 0) return false;
        answer.append(buffer, static_cast<std::size_t>(n));
    }
    return answer.starts_with("HTTP/") && (answer[9] == '2' || answer[9] == '3');
}

bool answers_unix(const std::string& path, const Attempt& attempt) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return ::access(path.c_str(), F_OK) == 0;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (connected(AF_UNIX, generic, sizeof address, attempt)) return true;
    return errno == EPROTOTYPE;  // a datagram socket, bound
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

// The log is read by a process of its own: an expression that takes for ever ends with it.
int await_log(const run::Probe& probe, const std::string& log, std::int64_t from, int lifeline) {
    const pid_t pid = ::fork();
    if (pid < 0) return 1;
    if (pid == 0) {
#ifndef __SANITIZE_ADDRESS__  // whose shadow takes terabytes
        const rlimit limit{matcher_memory, matcher_memory};
        ::setrlimit(RLIMIT_AS, &limit);
#endif
        ::_exit(log_matches(log, from, probe.path) ? 0 : 1);
    }
    return await_child(pid, -1, lifeline);
}

bool succeeds(const run::Probe& probe, const sys::SpawnPlan& shape, const std::string& cwd, int lifeline) {
    using Kind = run::Probe::Kind;
    switch (probe.kind) {
        case Kind::tcp:
            return static_cast<bool>(connect_tcp(probe.host, probe.port, {lifeline}));
        case Kind::http:
            return answers_http(probe, {lifeline});
        case Kind::unix_socket:
            return answers_unix(probe.path, {lifeline});
        case Kind::file:
            return ::access(probe.path.c_str(), F_OK) == 0;
        case Kind::command:
            return run_shell(shape, {probe.path, cwd, {}, -1}, lifeline) == 0;
        case Kind::log:
        case Kind::notify:
            break;
    }
    return true;
}

}  // namespace

int await_probes(const std::vector<run::Probe>& probes, const sys::SpawnPlan& shape, const std::string& cwd,
                 const std::string& log, std::int64_t log_from, int lifeline) {
    using Kind = run::Probe::Kind;
    for (const run::Probe& probe : probes) {
        if (probe.kind == Kind::log) {
            if (const int status = await_log(probe, log, log_from, lifeline); status != 0) return status;
            continue;
        }
        const sys::Fd notes = sys::open_inotify();
        const bool file = probe.kind == Kind::file || probe.kind == Kind::unix_socket;
        int watched = -1;
        if (file)
            watched = sys::add_watch(notes, folder_of(probe.path), IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
        int pause = 10;
        while (!succeeds(probe, shape, cwd, lifeline)) {
            // A bound socket may not listen yet: that no event tells.
            const bool told =
                watched >= 0 && (probe.kind != Kind::unix_socket || ::access(probe.path.c_str(), F_OK) != 0);
            pollfd set[] = {{lifeline, POLLIN, 0}, {notes.get(), POLLIN, 0}};
            ::poll(set, 2, told ? -1 : pause);
            if (set[0].revents != 0) return 125;
            sys::drain(notes);
            pause = std::min(pause * 2, 250);
        }
    }
    return 0;
}

}  // namespace sigmund::guard
