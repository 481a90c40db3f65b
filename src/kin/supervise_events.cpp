// SPDX-License-Identifier: Apache-2.0
#include "kin/supervise_events.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sigmund/supervise_protocol.h"
#include "sys/signals.hpp"

namespace sigmund::kin {

static_assert(sizeof(siginfo_t) == SUPERVISE_EVENT_SIZE);

void EventQueue::reserve_one() {
    if (events_.size() < events_.capacity()) return;
    // Written events are removed first: a reader that keeps up a little keeps the queue small.
    events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = 0;
    if (events_.size() * 2 >= events_.capacity()) events_.reserve(events_.size() * 2 + 64);
}

void EventQueue::push(const siginfo_t& info) noexcept {
    if (abandoned_) return;
    events_.push_back({info.si_pid, info.si_uid, info.si_status, info.si_code});
}

void EventQueue::push_started(pid_t pid) noexcept {
    if (format_ == Format::json_lines) events_.push_back({pid, 0, 0, started});
}

std::size_t EventQueue::render_siginfo(const Event& event, char* buffer) noexcept {
    siginfo_t info;
    std::memset(&info, 0, sizeof info);
    info.si_signo = SIGCHLD;
    info.si_code = event.code;
    info.si_pid = event.pid;
    info.si_uid = event.uid;
    info.si_status = event.status;
    std::memcpy(buffer, &info, sizeof info);
    return sizeof info;
}

std::size_t EventQueue::render_json(const Event& event, char* buffer) noexcept {
    constexpr std::size_t room = SUPERVISE_EVENT_SIZE;  // the longest line has under 90 bytes
    int length;
    if (event.code == started)
        length = snprintf(buffer, room, "{\"event\":\"started\",\"pid\":%d}\n", event.pid);
    else if (event.code == CLD_EXITED)
        length = snprintf(buffer, room, "{\"event\":\"exited\",\"pid\":%d,\"code\":%d}\n", event.pid,
                          event.status);
    else
        length = snprintf(
            buffer, room, "{\"event\":\"killed\",\"pid\":%d,\"signal\":\"%s\",\"core_dumped\":%s}\n",
            event.pid, sys::signal_name(event.status).c_str(), event.code == CLD_DUMPED ? "true" : "false");
    return static_cast<std::size_t>(length);
}

EventQueue::Flow EventQueue::flush() noexcept {
    if (abandoned_) next_ = events_.size();
    while (next_ < events_.size()) {
        char buffer[SUPERVISE_EVENT_SIZE];
        const Event& event = events_[next_];
        const std::size_t size =
            format_ == Format::siginfo ? render_siginfo(event, buffer) : render_json(event, buffer);
        // Pipes and local sockets accept 128 bytes as a whole or not at all; other kinds of files may write a
        // part.
        const ssize_t put = out_.write(buffer + written_, size - written_);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0 && errno == EAGAIN) return Flow::full;
        if (put < 0 && (errno == EPIPE || errno == ECONNRESET)) return Flow::gone;
        if (put < 0) {
            error_ = errno;
            return Flow::failed;
        }
        written_ += static_cast<std::size_t>(put);
        if (written_ < size) continue;
        written_ = 0;
        ++next_;
    }
    events_.clear();
    next_ = 0;
    return Flow::drained;
}

}  // namespace sigmund::kin
