// SPDX-License-Identifier: Apache-2.0
#include "guard/viewers.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sigmund::guard {
namespace {

constexpr std::size_t most_viewers = 64;
// What one of them may have unread. The kernel doubles the number for its own needs (socket(7)).
constexpr int room = 120 * 1024;
constexpr std::size_t read_a_turn = 16 * 1024;

}  // namespace

int Viewers::add(const run::Request& request, sys::Fd& stream) {
    errno = EAGAIN;
    if (count() >= most_viewers) return 0;
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) return 0;
    stream.reset(ends[1]);
    Viewer& viewer = make(sys::Fd(ends[0]), {static_cast<std::size_t>(request.columns),
                                             static_cast<std::size_t>(request.rows)});
    viewer.access = request.access;
    return viewer.number;
}

void Viewers::adopt(sys::Fd stream, sys::TerminalSize size) {
    make(std::move(stream), size);
}

Viewer& Viewers::make(sys::Fd stream, sys::TerminalSize size) {
    ::setsockopt(stream.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    auto viewer = std::make_unique<Viewer>();
    viewer->number = ++last_number_;
    viewer->stream = std::move(stream);
    viewer->size = size;
    viewer->active = sys::monotonic_ms();
    list_.push_back(std::move(viewer));
    return *list_.back();
}

void Viewers::send(Viewer& viewer, std::string_view bytes) {
    if (!viewer.stream) return;
    if (viewer.lost > 0) {
        viewer.lost += bytes.size();
        return;
    }
    while (!bytes.empty()) {
        const ssize_t n =
            ::send(viewer.stream.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) {
            viewer.lost = bytes.size();
            return;
        }
        if (n < 0) return viewer.stream.reset();
        viewer.given.feed(bytes.substr(0, static_cast<std::size_t>(n)));
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

void Viewers::show(std::string_view bytes) {
    for (const auto& viewer : list_) send(*viewer, bytes);
}

void Viewers::show(int viewer, std::string_view bytes) {
    if (Viewer* const found = find(viewer)) send(*found, bytes);
}

Viewer* Viewers::find(int viewer) {
    for (const auto& each : list_)
        if (each->number == viewer && each->stream) return each.get();
    return nullptr;
}

std::size_t Viewers::count() const {
    return static_cast<std::size_t>(
        std::count_if(list_.begin(), list_.end(), [](const auto& each) { return bool(each->stream); }));
}

// The entry stays in the list until fire(), whose descriptors are those of the last watch().
std::size_t Viewers::dismiss(int viewer) {
    Viewer* const found = find(viewer);
    if (!found) return 0;
    found->stream.reset();
    return found->lost;
}

void Viewers::dismiss_all() {
    for (const auto& each : list_) each->stream.reset();
}

const Viewer* Viewers::owner() const {
    const Viewer* out = nullptr;
    for (const auto& each : list_)
        if (each->stream && each->access == run::Access::type && (!out || each->typed >= out->typed))
            out = each.get();
    return out;
}

std::vector<run::Answer> Viewers::describe(sys::Millis now) const {
    std::vector<run::Answer> out;
    for (const auto& each : list_)
        if (each->stream)
            out.push_back({.kind = run::Answer::Kind::attached,
                           .number = std::max<sys::Millis>(0, now - each->active),
                           .columns = static_cast<int>(each->size.columns),
                           .rows = static_cast<int>(each->size.rows),
                           .access = each->access,
                           .place = each.get() == owner() ? run::Place::owner : run::Place::guest});
    return out;
}

void Viewers::watch(std::vector<pollfd>& set, bool may_type) const {
    for (const auto& each : list_) {
        short events = may_type ? POLLIN : 0;
        if (each->lost > 0) events = static_cast<short>(events | POLLOUT);
        set.push_back({each->stream.get(), events, 0});
    }
}

// What was cut off in the middle of a sequence is ended by CAN (ECMA-48) before anything else is shown.
void Viewers::resume(Viewer& viewer, const std::string& screen) {
    const std::size_t lost = std::exchange(viewer.lost, 0);
    send(viewer, "\x18" + viewer.given.reset() + "\x1b[0m\r\n[sigmund: " + std::to_string(lost) +
                     " bytes were left out here; the log has them]\r\n" + screen);
}

// The answers of other terminals than the owner's are dropped: the program has asked once.
std::string Viewers::read_from(Viewer& viewer) {
    char buffer[read_a_turn];
    const ssize_t n = ::recv(viewer.stream.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) viewer.stream.reset();
    std::string out;
    if (n <= 0 || viewer.access == run::Access::look) return out;
    for (const auto& piece : viewer.input.feed({buffer, static_cast<std::size_t>(n)})) {
        using Kind = text::InputKind;
        if (piece.kind == Kind::text || piece.kind == Kind::key) {
            viewer.typed = ++typed_;
            viewer.active = sys::monotonic_ms();
        }
        if (piece.kind != Kind::answer || owner() == &viewer) out += piece.bytes;
    }
    return out;
}

std::string Viewers::fire(std::span<const pollfd> polled,
                          const std::function<std::string(std::size_t)>& screen, bool& redraw) {
    std::string out;
    for (std::size_t i = 0; i < list_.size() && i < polled.size(); ++i) {
        Viewer& viewer = *list_[i];
        if (!viewer.stream || polled[i].revents == 0) continue;
        if ((polled[i].revents & POLLOUT) != 0 && viewer.lost > 0) {
            resume(viewer, screen(viewer.size.rows));
            redraw = true;
        }
        if ((polled[i].revents & ~POLLOUT) != 0) out += read_from(viewer);
    }
    std::erase_if(list_, [](const auto& viewer) { return !viewer->stream; });
    return out;
}

}  // namespace sigmund::guard
