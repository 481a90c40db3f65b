// SPDX-License-Identifier: Apache-2.0
#include "guard/ready_look.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <unordered_set>

#include "guard/aide.hpp"
#include "guard/probe_connect.hpp"
#include "run/holder.hpp"
#include "sys/error.hpp"
#include "sys/listeners.hpp"
#include "sys/ports.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::guard {
namespace {

using Kind = run::Probe::Kind;
using Found = ReadyLook::Found;

constexpr Millis patience = 500;  // in ms, for a connection that is neither accepted nor refused
constexpr int closing_looks = 10, closing_pause = 50'000;  // microseconds between them

class Look {
  public:
    Look(const LookRequest& request, ReadyLook& out) : request_(request), out_(out) {
        if (request.guardian != 0) own_ = run_processes(request.guardian);
        own_.insert(own_.end(), request.replaced.begin(), request.replaced.end());
    }

    void at(const run::Probe& probe, std::size_t number) {
        if (probe.kind == Kind::tcp || probe.kind == Kind::http) return at_port(probe);
        if (probe.kind == Kind::unix_socket) at_socket(probe.path);
        if ((probe.kind == Kind::unix_socket || probe.kind == Kind::file) && number < ReadyLook::most)
            out_.files[number] = mark_file(probe.path);
    }

    // Returns whether the process that holds a taken port or socket was found.
    bool holder_seen() const { return out_.found != Found::taken || seen_; }

    void at_ports(const run::PortRange& ports) {
        if (ports.count == 0) return;
        const auto all = sys::tcp_listeners();
        if (!all) return cannot_tell("port " + std::to_string(ports.first) + " is free", errno);
        std::vector<std::uint64_t> in_the_way;
        const sys::TcpListener* first = nullptr;
        for (const sys::TcpListener& each : *all)
            if (ports.contains(each.port) && (!first || each.port == first->port) && !passes(each.inode)) {
                in_the_way.push_back(each.inode);
                first = &each;
            }
        if (first) taken("port " + std::to_string(first->port), in_the_way, 0, first->uid);
    }

  private:
    void at_port(const run::Probe& probe) {
        const std::string what = "port " + std::to_string(probe.port);
        for (const sys::Endpoint& endpoint : endpoints_of(probe)) {
            if (!sys::is_local(endpoint.address)) continue;
            const auto all = sys::tcp_listeners();
            if (!all) return cannot_tell(what + " is free", errno);
            bool there = false;
            std::vector<std::uint64_t> in_the_way;
            std::optional<uid_t> owner;
            for (const sys::TcpListener& each : *all) {
                const sys::Overlap how = sys::overlap(each, endpoint);
                if (how == sys::Overlap::no) continue;
                // A `::` with IPV6_V6ONLY leaves IPv4 free; only an attempt to connect can tell.
                if (how == sys::Overlap::maybe && !answers(endpoint)) continue;
                there = true;
                if (passes(each.inode) || sys::shares_port(each)) {
                    tolerate(each.inode);
                } else {
                    in_the_way.push_back(each.inode);
                    owner = each.uid;
                }
            }
            if (!in_the_way.empty()) return taken(what, in_the_way, 0, owner);
            // Something without a socket here forwards the port, so its answers could not be told from the
            // run's.
            if (!there && answers(endpoint)) return taken(what, {}, 0, {});
        }
    }

    void at_socket(const std::string& path) {
        const Connection connection = connect_to_unix(path, Attempt::within(request_.lifeline, patience));
        // EAGAIN: the queue of the listener is full
        if (!connection.fd && connection.error != EAGAIN) return;
        std::vector<std::uint64_t> in_the_way;
        bool passed = false;
        for (const std::uint64_t socket : sockets_at(path)) {
            if (passes(socket)) {
                tolerate(socket);
                passed = true;
            } else {
                in_the_way.push_back(socket);
            }
        }
        if (passed && in_the_way.empty()) return;
        const auto peer = connection.fd ? sys::peer_of(connection.fd.get()) : std::nullopt;
        if (peer && std::find(own_.begin(), own_.end(), peer->pid) != own_.end()) return;
        taken("socket " + path, in_the_way, peer ? peer->pid : 0,
              peer && peer->pid > 0 ? std::optional(peer->uid) : std::nullopt);
    }

    bool answers(const sys::Endpoint& endpoint) const {
        return static_cast<bool>(connect_to(endpoint, Attempt::within(request_.lifeline, patience)).fd);
    }
    // Returns whether the socket was passed by --keep-fd or is held by a process of this run (of a pool).
    bool passes(std::uint64_t socket) const {
        return std::find(request_.kept.begin(), request_.kept.end(), socket) != request_.kept.end() ||
               std::any_of(own_.begin(), own_.end(),
                           [&](pid_t pid) { return sys::holds_socket(proc_, pid, {socket}); });
    }
    void tolerate(std::uint64_t socket) {
        if (!out_.tolerates(socket) && out_.tolerated_count < ReadyLook::most)
            out_.tolerated[out_.tolerated_count++] = socket;
    }

    // `listener` is the process that called listen(2), or 0 when it is unknown. `owner` is the user of the
    // process that created the socket.
    void taken(const std::string& what, const std::vector<std::uint64_t>& sockets, pid_t listener,
               std::optional<uid_t> owner) {
        std::string who;
        bool stranger = true;
        auto holders = sockets.empty() ? std::vector<run::Holder>{} : run::find_holders(proc_, sockets).found;
        if (holders.empty() && listener > 0)
            if (const auto holder = run::describe_process(proc_, listener)) holders.push_back(*holder);
        for (const run::Holder& holder : holders) {
            const bool of_a_run = run::run_of(request_.store, proc_, holder.pid).has_value();
            if (!who.empty() && !(of_a_run && stranger)) continue;
            who = run::name_holder(request_.store, proc_, holder, request_.project);
            stranger = !of_a_run;
        }
        if (who.empty() && owner && *owner != ::geteuid())
            who = "a process of user " + std::to_string(*owner);
        seen_ = !who.empty();
        say(Found::taken, what + " is already in use" +
                              (who.empty() ? " by a process that sigmund cannot see" : " by " + who) +
                              (!stranger                   ? ""
                               : what.starts_with("port ") ? "; choose another port"
                                                           : "; choose another path"));
    }
    void cannot_tell(const std::string& what, int error) {
        say(Found::unknown, "cannot tell whether " + what + ": " + sys::describe_errno(error));
    }
    void say(Found found, const std::string& text) {
        if (out_.found != Found::free) return;
        out_.found = found;
        std::memcpy(out_.problem, text.data(), std::min(text.size(), sizeof out_.problem - 1));
    }

    const LookRequest& request_;
    ReadyLook& out_;
    sys::Procfs proc_;
    bool seen_ = false;
    std::vector<pid_t> own_;
};

}  // namespace

bool ReadyLook::tolerates(std::uint64_t socket) const {
    const auto* end = tolerated + std::min(tolerated_count, most);
    return std::find(tolerated, end, socket) != end;
}

FileMark mark_file(const std::string& path) {
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0) return {};
    return {true, st.st_dev, st.st_ino, st.st_ctim.tv_sec, st.st_ctim.tv_nsec};
}

bool needs_look(const std::vector<run::Probe>& probes) {
    return std::any_of(probes.begin(), probes.end(), [](const run::Probe& probe) {
        return probe.kind == Kind::tcp || probe.kind == Kind::http || probe.kind == Kind::unix_socket ||
               probe.kind == Kind::file;
    });
}

void look_before_life(const LookRequest& request, ReadyLook& out) {
    // A socket without a holder is usually being closed: its process has just been killed.
    for (int attempt = 0; attempt < closing_looks; ++attempt) {
        out = {};
        Look look(request, out);
        look.at_ports(request.ports);
        for (std::size_t i = 0; i < request.probes.size() && out.found == Found::free; ++i)
            look.at(request.probes[i], i);
        if (look.holder_seen()) return;
        ::usleep(closing_pause);
    }
}

std::vector<std::uint64_t> sockets_of(const std::vector<int>& descriptors) {
    std::vector<std::uint64_t> out;
    for (const int fd : descriptors) {
        struct stat st {};
        if (::fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode)) out.push_back(st.st_ino);
    }
    return out;
}

std::vector<pid_t> run_processes(pid_t guardian, std::size_t at_most) {
    const sys::Procfs proc;
    const pid_t self = ::getpid();
    std::vector<pid_t> out, todo{guardian};
    std::unordered_set<pid_t> seen{guardian, self};
    while (!todo.empty() && out.size() < at_most) {
        const pid_t parent = todo.back();
        todo.pop_back();
        for (const pid_t child : proc.children(parent)) {
            if (!seen.insert(child).second) continue;
            const auto stat = proc.stat(child);
            if (!stat || (parent == guardian && stat->comm == aide_name && stat->session == child)) continue;
            todo.push_back(child);
            if (!stat->dead()) out.push_back(child);
        }
    }
    return out;
}

std::vector<std::uint64_t> sockets_at(const std::string& path, pid_t seen_by) {
    const auto base = [](const std::string& each) { return each.substr(each.rfind('/') + 1); };
    struct stat wanted {
    }, found{};
    const bool known = ::stat(path.c_str(), &wanted) == 0;
    std::vector<std::uint64_t> out;
    for (const sys::UnixSocket& each : sys::unix_sockets(seen_by).value_or(std::vector<sys::UnixSocket>{})) {
        if ((!each.listening && each.type != SOCK_DGRAM) || base(each.path) != base(path)) continue;
        if (each.path != path && each.path.starts_with('/') &&
            !(known && ::stat(each.path.c_str(), &found) == 0 && found.st_dev == wanted.st_dev &&
              found.st_ino == wanted.st_ino))
            continue;
        out.push_back(each.inode);
    }
    return out;
}

}  // namespace sigmund::guard
