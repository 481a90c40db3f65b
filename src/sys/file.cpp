// SPDX-License-Identifier: Apache-2.0
#include "sys/file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "sys/own_file.hpp"

namespace sigmund::sys {

bool reader_is_gone(int fd) noexcept {
    pollfd set{fd, POLLOUT, 0};
    return ::poll(&set, 1, 0) == 1 && (set.revents & (POLLERR | POLLHUP)) != 0;
}

int write_all(int fd, std::string_view data) noexcept {
    while (!data.empty()) {
        const ssize_t n = ::write(fd, data.data(), data.size());
        if (n < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        if (n == 0) return EIO;
        data.remove_prefix(static_cast<std::size_t>(n));
    }
    return 0;
}

int read_all(int fd, std::string& out, std::size_t limit) {
    char buffer[4 * 1024];  // each page of a stack that is touched for the first time costs a fault
    std::size_t total = 0;
    for (;;) {
        const ssize_t n = ::read(fd, buffer, sizeof buffer);
        if (n < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        if (n == 0) return 0;
        total += static_cast<std::size_t>(n);
        if (total > limit) return EFBIG;
        out.append(buffer, static_cast<std::size_t>(n));
    }
}

std::string read_small(const std::string& path, std::size_t limit) {
    std::string out;
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd) return out;
    if (const int error = read_all(fd.get(), out, limit); error != 0) {
        out.clear();
        errno = error;
    }
    return out;
}

namespace {

Fd write_temporary(int dir, const char* temporary, std::string_view data, mode_t mode) noexcept {
    ::unlinkat(dir, temporary, 0);  // left by a crashed predecessor; O_EXCL then refuses a planted link
    Fd fd = create_own(dir, temporary, O_WRONLY, mode);
    if (!fd) return fd;
    if (const int error = write_all(fd.get(), data); error != 0) {
        fd.reset();
        ::unlinkat(dir, temporary, 0);
        errno = error;
    }
    return fd;
}

}  // namespace

Fd replace_file_unsynced(int dir, const char* name, const char* temporary, std::string_view data,
                         mode_t mode) noexcept {
    Fd fd = write_temporary(dir, temporary, data, mode);
    if (fd && ::renameat(dir, temporary, dir, name) != 0) {
        const int error = errno;
        ::unlinkat(dir, temporary, 0);
        fd.reset();
        errno = error;
    }
    return fd;
}

int replace_file(int dir, const char* name, const char* temporary, std::string_view data, Durable durable,
                 mode_t mode) noexcept {
    const Fd fd = write_temporary(dir, temporary, data, mode);
    if (!fd) return errno;
    int error = 0;
    if (durable == Durable::yes && ::fsync(fd.get()) != 0) error = errno;
    if (error == 0 && ::renameat(dir, temporary, dir, name) != 0) error = errno;
    if (error != 0) ::unlinkat(dir, temporary, 0);
    return error;
}

namespace {
mode_t given_umask = 0;
}

void spare_owner_from_umask() noexcept {
    given_umask = ::umask(0);
    ::umask(given_umask & 077);
}

std::optional<mode_t> umask_to_restore() noexcept {
    if ((given_umask & 0700) == 0) return std::nullopt;
    return given_umask;
}

void open_missing_stdio() noexcept {
    for (int fd = 0; fd <= 2; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
        // The lowest free number is fd, since all lower ones are open by now.
        if (::open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) < 0) return;
    }
}

}  // namespace sigmund::sys
