// SPDX-License-Identifier: Apache-2.0
#include "sys/input.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace sigmund::sys {
namespace {

constexpr long pipefs_magic = 0x50495045;

// A pipe without a name (/dev/stdin, <(...) in a shell) already has its writer, and inotify does not watch
// it.
bool is_anonymous(int fd) {
    struct statfs fs {};
    return ::fstatfs(fd, &fs) == 0 && static_cast<long>(fs.f_type) == pipefs_magic;
}

bool holds_data(int fd) {
    int bytes = 0;
    return ::ioctl(fd, FIONREAD, &bytes) == 0 && bytes > 0;
}

}  // namespace

Input open_pipe(InputProblem& problem) noexcept {
    int ends[2];
    problem = InputProblem::other;
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    Input input{Fd(ends[0]), Fd(ends[1]), Fd()};
    if (::fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0) return {};  // only of the writing end
    problem = InputProblem::none;
    return input;
}

Input open_input(const std::string& path, InputProblem& problem) noexcept {
    Input input;
    problem = InputProblem::none;
    const auto fail = [&](InputProblem what, int error) {
        problem = what;
        errno = error;
        return Input{};
    };
    input.read.reset(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    struct stat st {};
    if (!input.read) {
        const int error = errno;
        const bool socket = error == ENXIO && ::stat(path.c_str(), &st) == 0 && S_ISSOCK(st.st_mode);
        return fail(socket ? InputProblem::socket : InputProblem::other, error);
    }
    if (::fstat(input.read.get(), &st) != 0) return fail(InputProblem::other, errno);
    if (S_ISDIR(st.st_mode)) return fail(InputProblem::folder, EISDIR);
    if (S_ISFIFO(st.st_mode) && !is_anonymous(input.read.get())) {
        char own[40];  // the same FIFO, even if another file has the path by now
        std::snprintf(own, sizeof own, "/proc/self/fd/%d", input.read.get());
        input.notes.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
        if (!input.notes) return fail(InputProblem::other, errno);
        input.writer.reset(::open(own, O_WRONLY | O_NONBLOCK | O_CLOEXEC));
        if (!input.writer)
            return fail(errno == EACCES ? InputProblem::no_writer : InputProblem::other, errno);
        if (::inotify_add_watch(input.notes.get(), own, IN_MODIFY | IN_CLOSE_WRITE) < 0)
            return fail(InputProblem::other, errno);
        if (holds_data(input.read.get())) {  // a writer came before the watch was set
            input.writer.reset();
            input.notes.reset();
        }
    }
    // O_NONBLOCK was needed for open(2) only.
    const int flags = ::fcntl(input.read.get(), F_GETFL);
    if (flags < 0 || ::fcntl(input.read.get(), F_SETFL, flags & ~O_NONBLOCK) != 0)
        return fail(InputProblem::other, errno);
    return input;
}

bool writer_seen(const Input& input) noexcept {
    bool seen = holds_data(input.writer.get());
    alignas(inotify_event) char buffer[4096];
    while (::read(input.notes.get(), buffer, sizeof buffer) > 0) seen = true;
    return seen;
}

}  // namespace sigmund::sys
