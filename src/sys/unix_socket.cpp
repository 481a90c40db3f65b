// SPDX-License-Identifier: Apache-2.0
#include "sys/unix_socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sys/error.hpp"

namespace sigmund::sys {
namespace {

sockaddr_un address_of(int dir, const std::string& path, const char* name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string full = path + '/' + name;
    if (full.size() >= sizeof address.sun_path) full = "/proc/self/fd/" + std::to_string(dir) + '/' + name;
    std::memcpy(address.sun_path, full.c_str(), std::min(full.size() + 1, sizeof address.sun_path));
    return address;
}

}  // namespace

Fd listen_socket(int dir, const std::string& path, const char* name) {
    Fd fd(check(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
    const sockaddr_un address = address_of(dir, path, name);
    ::unlinkat(dir, name, 0);
    // The inode gets the socket's own mode. Setting it before bind(2) leaves no moment with wider
    // permissions.
    check(::fchmod(fd.get(), 0600), "fchmod", name);
    check(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind", name);
    check(::listen(fd.get(), 64), "listen", name);
    return fd;
}

Fd connect_socket(int dir, const std::string& path, const char* name, Millis patience, uid_t owner) noexcept {
    Fd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (!fd) return fd;
    sockaddr_un address = address_of(dir, path, name);
    const Fd file(::openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!file) return Fd();
    struct stat st {};
    if (::fstat(file.get(), &st) != 0 || !S_ISSOCK(st.st_mode) || st.st_uid != owner) {
        errno = EPERM;
        return Fd();
    }
    if (owner != ::geteuid()) {  // the path may be exchanged meanwhile; this names the file that was checked
        const std::string opened = "/proc/self/fd/" + std::to_string(file.get());
        std::memcpy(address.sun_path, opened.c_str(), opened.size() + 1);
    }
    // connect(2) waits for a place in the listener's queue for as long as SO_SNDTIMEO says; 0 would mean
    // without a limit.
    patience = std::max<Millis>(patience, 1);
    const timeval limit{patience / 1000, patience % 1000 * 1000};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    int rc;
    do rc = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    while (rc != 0 && errno == EINTR);
    if (rc == 0 && ::fcntl(fd.get(), F_SETFL, O_NONBLOCK) == 0) {
        // This is the user that listens (unix(7)): data must not reach another user's process.
        const auto peer = peer_of(fd.get());
        if (peer && peer->uid == owner) return fd;
        errno = EPERM;
    }
    const int error = errno;
    fd.reset();
    errno = error;
    return fd;
}

std::optional<Peer> peer_of(int fd) noexcept {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
    return Peer{credentials.pid, credentials.uid};
}

int send_packet(int fd, std::string_view text, int passed) noexcept {
    iovec part{const_cast<char*>(text.data()), text.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof passed)] = {};
    if (passed >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof passed);
        std::memcpy(CMSG_DATA(rights), &passed, sizeof passed);
    }
    for (;;) {
        if (::sendmsg(fd, &message, MSG_NOSIGNAL) >= 0) return 0;
        if (errno != EINTR) return errno;
    }
}

Received take_packet(int fd, std::size_t limit, std::string& text, Fd* passed) {
    text.clear();
    ssize_t n;
    // MSG_TRUNC returns the packet's full length (recv(2)), and MSG_PEEK keeps the packet in the queue.
    do n = ::recv(fd, nullptr, 0, MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC);
    while (n < 0 && errno == EINTR);
    if (n < 0) return errno == EAGAIN ? Received::none_yet : Received::failed;
    const bool fits = static_cast<std::size_t>(n) <= limit;
    if (fits) text.resize(static_cast<std::size_t>(n));
    iovec part{text.data(), text.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    if (passed) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
    }
    do n = ::recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0) return Received::failed;
    if (cmsghdr* rights = passed ? CMSG_FIRSTHDR(&message) : nullptr;
        rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS) {
        int received = -1;
        std::memcpy(&received, CMSG_DATA(rights), sizeof received);
        passed->reset(received);
    }
    if (!fits) return Received::too_long;
    return n == 0 ? Received::hang_up : Received::packet;
}

std::optional<std::string> receive_packet(int fd, Millis deadline, std::size_t limit, Fd* passed) {
    for (;;) {
        std::string text;
        switch (take_packet(fd, limit, text, passed)) {
            case Received::packet:
                return text;
            case Received::hang_up:
                errno = 0;
                return std::nullopt;
            case Received::too_long:
                errno = EMSGSIZE;
                return std::nullopt;
            case Received::failed:
                return std::nullopt;
            case Received::none_yet:
                break;
        }
        int wait = -1;
        if (deadline >= 0) wait = static_cast<int>(std::clamp<Millis>(deadline - monotonic_ms(), 0, 1 << 30));
        pollfd p{fd, POLLIN, 0};
        const int ready = ::poll(&p, 1, wait);
        if (ready == 0) {
            errno = ETIMEDOUT;
            return std::nullopt;
        }
    }
}

}  // namespace sigmund::sys
