// SPDX-License-Identifier: Apache-2.0
// The probes themselves, in an aide. Where the kernel tells of changes (files, logs) they wait for it; else they try
// again after 10 ms, doubling to 250 ms.
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <regex.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "guard/ready.hpp"
#include "sys/file.hpp"

namespace sigmund::guard {
namespace {

constexpr int connect_patience = 2'000;         // ms
constexpr std::size_t longest_line = 64 * 1024;  // of a log, that an expression is tried on

sys::Fd connected(int family, const sockaddr* address, socklen_t size) {
    sys::Fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return fd;
    if (::connect(fd.get(), address, size) == 0) return fd;
    if (errno != EINPROGRESS) return sys::Fd();
    pollfd set{fd.get(), POLLOUT, 0};
    int error = 0;
    socklen_t length = sizeof error;
    if (::poll(&set, 1, connect_patience) != 1 ||
        ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0)
        return sys::Fd();
    return fd;
}

sys::Fd connect_tcp(const std::string& host, int port) {
    if (host == "localhost") {
        sys::Fd fd = connect_tcp("127.0.0.1", port);
        return fd ? std::move(fd) : connect_tcp("::1", port);
    }
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1)
        return connected(AF_INET, reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return sys::Fd();
    return connected(AF_INET6, reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
}

bool answers_http(const run::Probe& probe) {
    const sys::Fd fd = connect_tcp(probe.host, probe.port);
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
        pollfd set{fd.get(), POLLIN, 0};
        if (::poll(&set, 1, connect_patience) != 1) return false;
        char buffer[64];
        const ssize_t n = ::recv(fd.get(), buffer, sizeof buffer, 0);
        if (n <= 0) return false;
        answer.append(buffer, static_cast<std::size_t>(n));
    }
    return answer.starts_with("HTTP/") && (answer[9] == '2' || answer[9] == '3');
}

bool answers_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return ::access(path.c_str(), F_OK) == 0;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (connected(AF_UNIX, generic, sizeof address)) return true;
    return errno == EPROTOTYPE;  // a datagram socket, bound
}

// The lines of a log as they come, tried on an expression.
class LogLines {
  public:
    LogLines(std::string path, std::int64_t from, const std::string& expression) : path_(std::move(path)) {
        ok_ = ::regcomp(&compiled_, expression.c_str(), REG_EXTENDED | REG_NOSUB) == 0;
        log_.reset(::open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
        if (log_) ::lseek(log_.get(), from, SEEK_SET);
    }
    LogLines(const LogLines&) = delete;
    LogLines& operator=(const LogLines&) = delete;
    ~LogLines() {
        if (ok_) ::regfree(&compiled_);
    }
    bool matched() {
        char buffer[16 * 1024];
        for (;;) {
            const ssize_t n = ::read(log_.get(), buffer, sizeof buffer);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            for (ssize_t i = 0; i < n; ++i) {
                if (buffer[i] != '\n') {
                    if (line_.size() < longest_line) line_ += buffer[i] == '\0' ? ' ' : buffer[i];
                    continue;
                }
                if (ok_ && ::regexec(&compiled_, line_.c_str(), 0, nullptr, 0) == 0) return true;
                line_.clear();
            }
        }
    }

  private:
    std::string path_, line_;
    sys::Fd log_;
    regex_t compiled_{};
    bool ok_ = false;
};

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

int await_probes(const std::vector<run::Probe>& probes, const sys::SpawnPlan& shape, const std::string& cwd,
                 const std::string& log, std::int64_t log_from, int lifeline) {
    using Kind = run::Probe::Kind;
    for (const run::Probe& probe : probes) {
        if (probe.kind == Kind::notify) continue;
        const sys::Fd notes(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
        LogLines lines(log, log_from, probe.kind == Kind::log ? probe.path : "");
        const bool file = probe.kind == Kind::file || probe.kind == Kind::unix_socket;
        int watched = -1;
        if (probe.kind == Kind::log) watched = ::inotify_add_watch(notes.get(), log.c_str(), IN_MODIFY);
        if (file)
            watched = ::inotify_add_watch(notes.get(), folder_of(probe.path).c_str(),
                                          IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
        const auto succeeds = [&] {
            switch (probe.kind) {
                case Kind::tcp:
                    return static_cast<bool>(connect_tcp(probe.host, probe.port));
                case Kind::http:
                    return answers_http(probe);
                case Kind::unix_socket:
                    return answers_unix(probe.path);
                case Kind::file:
                    return ::access(probe.path.c_str(), F_OK) == 0;
                case Kind::log:
                    return lines.matched();
                case Kind::command:
                    return run_shell(shape, {probe.path, cwd, {}, -1}, lifeline) == 0;
                case Kind::notify:
                    return true;
            }
            return false;
        };
        int pause = 10;
        while (!succeeds()) {
            // A bound socket may not listen yet: that no event tells.
            const bool told = watched >= 0 && (probe.kind != Kind::unix_socket ||
                                               ::access(probe.path.c_str(), F_OK) != 0);
            pollfd set[] = {{lifeline, POLLIN, 0}, {notes.get(), POLLIN, 0}};
            ::poll(set, 2, told ? -1 : pause);
            if (set[0].revents != 0) return 125;
            char drained[4096];
            while (notes && ::read(notes.get(), drained, sizeof drained) > 0) {
            }
            pause = std::min(pause * 2, 250);
        }
    }
    return 0;
}

}  // namespace sigmund::guard
