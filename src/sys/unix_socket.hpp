// SPDX-License-Identifier: Apache-2.0
// This file wraps local SOCK_SEQPACKET sockets in a folder (unix(7)), where one packet is one message.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sys/clock.hpp"
#include "sys/fd.hpp"

namespace sigmund::sys {

// Returns a non-blocking listening socket at dir/name with mode 0600. `path` is the path of the folder; it is
// used when the whole name fits a socket address (107 bytes), otherwise /proc/self/fd is. Throws
// std::system_error.
Fd listen_socket(int dir, const std::string& path, const char* name);
// Returns a connected socket, or an empty Fd with errno set: ECONNREFUSED when no process listens, ENOENT
// when there is no socket, EAGAIN when the listener's queue stayed full for `patience` ms, EPERM when the
// socket file does not belong to `owner` or the listening process runs as another user. A symbolic link is
// not followed.
Fd connect_socket(int dir, const std::string& path, const char* name, Millis patience, uid_t owner) noexcept;
// The process at the other end of a connection: the one that connected, or the one that called listen(2)
// (SO_PEERCRED, unix(7)). peer_of() returns nothing when it cannot be told.
struct Peer {
    pid_t pid = 0;
    uid_t uid = 0;
};
std::optional<Peer> peer_of(int fd) noexcept;
// Sends one whole packet, without SIGPIPE. `passed` (-1: none) is a descriptor that is sent with it
// (SCM_RIGHTS). Returns 0 or errno.
int send_packet(int fd, std::string_view text, int passed = -1) noexcept;

// The result of take_packet(). A packet that is longer than the reader's limit is discarded unread and never
// cut.
enum class Received : std::uint8_t { packet, none_yet, hang_up, too_long, failed };
// Takes the next packet if there is one. `passed` receives a descriptor that came with it; other descriptors
// are closed.
Received take_packet(int fd, std::size_t limit, std::string& text, Fd* passed = nullptr);
// Waits for one packet until `deadline` (monotonic ms; -1: without a limit). Returns nothing with errno 0 for
// an empty packet or a hang-up, with ETIMEDOUT when the time is over, and with EMSGSIZE for a packet that is
// longer than `limit`.
std::optional<std::string> receive_packet(int fd, Millis deadline, std::size_t limit, Fd* passed = nullptr);

}  // namespace sigmund::sys
