// SPDX-License-Identifier: Apache-2.0
// Local SOCK_SEQPACKET sockets in a folder (unix(7)): one packet is one message.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sys/clock.hpp"
#include "sys/fd.hpp"

namespace sigmund::sys {

// must: a listening socket dir/name, mode 0600, non-blocking. `path` is the folder's path, used when the
// whole fits a socket address (107 bytes); longer ones go through /proc/self/fd.
Fd listen_socket(int dir, const std::string& path, const char* name);
// ask: a connected socket, or empty with errno (ECONNREFUSED: nobody listens; ENOENT: no socket; EAGAIN: so
// many wait to be let in that `patience` ran out; EPERM: the socket or who listens is not `owner`'s). A link
// in the socket's place is not followed.
Fd connect_socket(int dir, const std::string& path, const char* name, Millis patience, uid_t owner) noexcept;
// The uid of the process at the other end (SO_PEERCRED); nothing when it cannot be told.
struct Peer {
    pid_t pid = 0;
    uid_t uid = 0;
};
std::optional<Peer> peer_of(int fd) noexcept;
// One packet, whole, without SIGPIPE; `passed` (-1: none) is a descriptor that goes with it (SCM_RIGHTS).
// Returns 0 or errno.
int send_packet(int fd, std::string_view text, int passed = -1) noexcept;

// What a look for a packet found. A packet that is longer than the reader's limit is taken away unread: it is
// never cut.
enum class Received : std::uint8_t { packet, none_yet, hang_up, too_long, failed };
// ask: the next packet, if one is there. `passed` receives a descriptor that came with it; others are closed.
Received take_packet(int fd, std::size_t limit, std::string& text, Fd* passed = nullptr);
// ask: one packet, waited for until `deadline` (monotonic ms; -1: for ever). An empty packet or a hang-up
// gives nothing with errno 0; ETIMEDOUT when time ran out; EMSGSIZE when it is longer than `limit`.
std::optional<std::string> receive_packet(int fd, Millis deadline, std::size_t limit, Fd* passed = nullptr);

}  // namespace sigmund::sys
