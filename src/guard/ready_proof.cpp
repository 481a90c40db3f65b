// SPDX-License-Identifier: Apache-2.0
#include "guard/ready_proof.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "run/holder.hpp"
#include "sys/error.hpp"
#include "sys/listeners.hpp"
#include "sys/ports.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::guard {
namespace {

using Answer = Finding::Answer;

// A holder that is not found may be passing the socket on or ending. Only after this time and this many
// passes does it count as a process that cannot be seen.
constexpr sys::Millis unseen_patience = 1'000;
constexpr int unseen_looks = 4;

constexpr char or_shared[] = " (--ready-shared accepts it)";

}  // namespace

bool Proof::held_by_run(const std::vector<std::uint64_t>& sockets) const {
    for (const pid_t pid : run_processes(guardian_))
        if (sys::holds_socket(proc_, pid, sockets)) return true;
    return false;
}

Finding Proof::not_seen(const std::string& note) {
    const sys::Millis now = sys::monotonic_ms();
    if (unseen_since_ < 0) {
        unseen_since_ = now;
        unseen_ = 0;
    }
    if (++unseen_ < unseen_looks || now - unseen_since_ < unseen_patience)
        return {Answer::no, "the process that answered is not found"};
    return {Answer::ready, note};
}

Finding Proof::judge(const std::string& what, const std::vector<std::uint64_t>& sockets, pid_t listener,
                     std::optional<uid_t> owner) {
    if (!sockets.empty() && held_by_run(sockets)) return {Answer::ready, ""};
    std::vector<std::uint64_t> later;
    for (const std::uint64_t socket : sockets)
        if (!before_.tolerates(socket)) later.push_back(socket);
    if (later.empty() && !sockets.empty())
        return {Answer::no, what + " is answered by a process that listened before this run began" +
                                std::string(or_shared)};
    run::Holders holders;
    if (!later.empty()) holders = run::find_holders(proc_, later);
    if (holders.found.empty() && listener > 0)
        if (const auto holder = run::describe_process(proc_, listener)) holders.found.push_back(*holder);
    std::string note;
    for (const run::Holder& holder : holders.found) {
        const auto other = run::run_of(store_, proc_, holder.pid);
        if (other && other->id == record_.id) return {Answer::ready, ""};
        const bool foreign = other || (!holder.engine && holder.uid == ::geteuid());
        if (foreign)
            return {Answer::foreign, what + " is answered by " +
                                         (other ? run::name_run(*other, record_.project)
                                                : run::name_holder(store_, proc_, holder, record_.project)) +
                                         (other ? "" : ", which does not belong to this run")};
        note = "answered by " + holder.name;
    }
    if (!note.empty()) return {Answer::ready, note};
    if (owner && *owner != ::geteuid() && holders.hidden) {
        // The run may itself have processes of that user (sudo, setuid).
        for (const pid_t pid : run_processes(guardian_))
            if (const auto own = run::describe_process(proc_, pid); own && own->uid == *owner)
                return {Answer::ready, ""};
        return {Answer::ready, "answered by a process of user " + std::to_string(*owner)};
    }
    return not_seen(sockets.empty() ? "answered by something that has no listening socket here"
                                    : "answered by a process that cannot be seen");
}

Finding Proof::of_tcp(const sys::Endpoint& peer) {
    if (shared_ || !sys::is_local(peer.address)) return {Answer::ready, ""};
    const auto all = sys::tcp_listeners();
    if (!all) return {Answer::no, "the listening sockets cannot be read: " + sys::describe_errno(errno)};
    std::vector<std::uint64_t> sockets;
    std::optional<uid_t> owner;
    for (const sys::TcpListener& each : sys::answering(*all, peer)) {
        sockets.push_back(each.inode);
        owner = each.uid;
    }
    return judge("port " + std::to_string(peer.port), sockets, 0, owner);
}

Finding Proof::of_unix(int fd, const std::string& path) {
    if (shared_) return {Answer::ready, ""};
    // This is the process that called listen(2); it may have passed the socket on since.
    const auto peer = sys::peer_of(fd);
    const auto processes = run_processes(guardian_);
    if (peer && std::find(processes.begin(), processes.end(), peer->pid) != processes.end())
        return {Answer::ready, ""};
    std::vector<std::uint64_t> sockets = sockets_at(path);
    // Each network namespace has its own table.
    for (std::size_t i = 0; i < processes.size() && sockets.empty(); ++i)
        sockets = sockets_at(path, processes[i]);
    return judge("socket " + path, sockets, peer ? peer->pid : 0,
                 peer && peer->pid > 0 ? std::optional(peer->uid) : std::nullopt);
}

Finding Proof::of_file(const std::string& path, std::size_t number) const {
    const FileMark now = mark_file(path);
    if (!now.exists) return {Answer::no, "the file does not exist"};
    if (shared_ || number >= ReadyLook::most || now != before_.files[number]) return {Answer::ready, ""};
    return {Answer::no, "it is older than this run" + std::string(or_shared)};
}

}  // namespace sigmund::guard
