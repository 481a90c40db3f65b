// SPDX-License-Identifier: Apache-2.0
#include "guard/input_pipe.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "sys/file.hpp"

namespace sigmund::guard {

run::Answer refused_input_full() {
    return run::refused_full("it does not fit: at most " + std::to_string(run::unread_limit / 1024) +
                             " KiB can wait unread in its input");
}

void InputPipe::hold(sys::Fd writer) {
    writer_ = std::move(writer);
    queue_ = {};
    ending_ = ended_ = false;
}

run::Answer InputPipe::take(run::Sent what, std::string bytes) {
    if (what == run::Sent::key)
        return run::refused(
            "its input is a pipe, which has no keys; `sigmund signal INT` does what Ctrl-C does");
    if (ended_ || ending_)
        return run::refused("its input was ended by `sigmund send --eof`; a restart opens a new one");
    if (!writer_ || sys::reader_is_gone(writer_.get()))
        return run::refused("it has closed its input, and reads nothing more");
    if (what == run::Sent::line) bytes += '\n';
    int unread = 0;
    ::ioctl(writer_.get(), FIONREAD, &unread);
    if (static_cast<std::size_t>(unread) + queue_.size() + bytes.size() > run::unread_limit)
        return refused_input_full();
    queue_ += bytes;
    ending_ = what == run::Sent::eof;
    write_on();
    return run::done();
}

void InputPipe::write_on() {
    while (!queue_.empty()) {
        const ssize_t n = ::write(writer_.get(), queue_.data(), queue_.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0) {  // EPIPE: no process reads any more
            queue_ = {};
            writer_.reset();
            break;
        }
        queue_.erase(0, static_cast<std::size_t>(n));
    }
    queue_ = {};  // this gives the memory back, too
    if (!std::exchange(ending_, false)) return;
    writer_.reset();
    ended_ = true;
}

void InputPipe::watch(std::vector<pollfd>& set) const {
    if (!queue_.empty()) set.push_back({writer_.get(), POLLOUT, 0});
}

void InputPipe::fire(std::span<const pollfd>, Millis, Host&) {
    write_on();
}

}  // namespace sigmund::guard
