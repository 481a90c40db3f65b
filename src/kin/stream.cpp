// SPDX-License-Identifier: Apache-2.0
#include "kin/stream.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

namespace sigmund::kin {
namespace {

// This serves kernels whose pipes do not support RWF_NOWAIT (EOPNOTSUPP): a stream that poll(2) calls ready
// does not block, as long as no other process uses the same end.
bool ready(int fd, short events) noexcept {
    pollfd one{fd, events, 0};
    if (poll(&one, 1, 0) == 1) return true;
    errno = EAGAIN;
    return false;
}

bool not_supported() noexcept {
    return errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL;
}

}  // namespace

Stream::Stream(int fd) noexcept : fd_(fd) {
    struct stat status;
    if (fstat(fd, &status) != 0) return;
    if (S_ISSOCK(status.st_mode)) kind_ = Kind::socket;
    if (S_ISFIFO(status.st_mode)) kind_ = Kind::pipe;
}

ssize_t Stream::read(void* buffer, std::size_t size) const noexcept {
    iovec part{buffer, size};
    if (kind_ == Kind::socket) {
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        const ssize_t got = recvmsg(fd_, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (got >= 0 && (message.msg_flags & MSG_TRUNC) != 0) {
            errno = EMSGSIZE;
            return -1;
        }
        return got;
    }
    if (kind_ == Kind::pipe) {
        const ssize_t got = preadv2(fd_, &part, 1, -1, RWF_NOWAIT);
        if (got >= 0 || !not_supported()) return got;
        if (!ready(fd_, POLLIN)) return -1;
    }
    return ::read(fd_, buffer, size);
}

ssize_t Stream::write(const void* data, std::size_t size) const noexcept {
    if (kind_ == Kind::socket) return send(fd_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (kind_ == Kind::pipe) {
        const iovec part{const_cast<void*>(data), size};
        const ssize_t put = pwritev2(fd_, &part, 1, -1, RWF_NOWAIT);
        if (put >= 0 || !not_supported()) return put;
    }
    if (!ready(fd_, POLLOUT)) return -1;  // output on a terminal may be suspended (^S)
    return ::write(fd_, data, size);
}

int Stream::unread_by_peer() const noexcept {
    int unread = 0;
    if (kind_ != Kind::socket || ioctl(fd_, SIOCOUTQ, &unread) != 0) return 0;
    return unread;
}

}  // namespace sigmund::kin
