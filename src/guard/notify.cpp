// SPDX-License-Identifier: Apache-2.0
#include "guard/notify.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sigmund::guard {
namespace {

constexpr std::size_t longest_status = 512;

// Receives one message. Returns its length, or -1 when there is none. `whole_and_ours` tells whether a
// process of this run sent it and it was not too long. Descriptors that came with it are closed.
ssize_t receive(int socket, char* buffer, std::size_t size, bool& whole_and_ours) {
    bool ours = false;
    iovec part{buffer, size};
    alignas(cmsghdr) char control[256];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t n = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n < 0) return n;
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET) continue;
        if (c->cmsg_type == SCM_CREDENTIALS) {
            ucred sender{};
            std::memcpy(&sender, CMSG_DATA(c), sizeof sender);
            ours = sender.uid == ::geteuid() || sender.uid == 0;
        } else if (c->cmsg_type == SCM_RIGHTS) {
            const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t i = 0; i < count; ++i) {
                int fd = -1;
                std::memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
                ::close(fd);
            }
        }
    }
    whole_and_ours =
        ours && (message.msg_flags & MSG_TRUNC) == 0;  // a truncated message may end in a wrong value
    return n;
}

}  // namespace

Notice parse_notice(std::string_view message) {
    Notice out;
    while (!message.empty()) {
        const auto end = std::min(message.find('\n'), message.size());
        const std::string_view line = message.substr(0, end);
        message.remove_prefix(std::min(end + 1, message.size()));
        if (line == "READY=1") out.ready = true;
        if (line == "STOPPING=1") out.stopping = true;
        if (line.starts_with("STATUS=")) {
            out.has_status = true;
            out.status = line.substr(7, longest_status);
        }
    }
    return out;
}

// The messages of the last life do not apply to this one.
void Notify::life_began(Millis, Host& host) {
    host.tell(StatusText{});
}

void Notify::fire(std::span<const pollfd>, Millis, Host& host) {
    char buffer[4096];
    bool ours = false;
    for (int i = 0; i < 64; ++i) {
        const ssize_t n = receive(socket_.get(), buffer, sizeof buffer, ours);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;
        if (!ours) continue;
        const Notice notice = parse_notice({buffer, static_cast<std::size_t>(n)});
        if (notice.has_status || notice.stopping)
            host.tell(StatusText{notice.has_status ? notice.status : "stopping"});
        if (notice.ready && on_ready) on_ready(host);
    }
}

}  // namespace sigmund::guard
