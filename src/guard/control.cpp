// SPDX-License-Identifier: Apache-2.0
#include "guard/control.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sys/unix_socket.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t max_clients = 512;
constexpr int requests_a_turn = 32;  // for one client, so that the guardian gets to its other work
constexpr Millis accept_pause = 100, idle_patience = 1'000;

}  // namespace

// Clients take at most half of the descriptors, because a restart needs some.
Control::Control(sys::Fd listener, Handler& handler, sys::SpareFds& spares)
    : listener_(std::move(listener)), handler_(handler), spares_(spares) {
    rlimit limit{};
    places_ = max_clients;
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) places_ = std::min<std::size_t>(places_, limit.rlim_cur / 2);
}

void Client::say(const run::Answer& answer, int passed) noexcept {
    // The socket does not block: EAGAIN means that its reader has stalled with a full buffer. A line that
    // does not fit into a packet (none is known to get here) is not sent in part either.
    if (closed || run::send(fd.get(), answer, passed) == 0) return;
    closed = true;
    ::shutdown(fd.get(), SHUT_RDWR);  // this tells the client, and wakes our poll, which drops it
}

void Control::watch(std::vector<pollfd>& set) const {
    set.push_back({listen_at_ < 0 ? listener_.get() : -1, POLLIN, 0});  // poll(2) ignores -1
    for (const auto& client : clients_) set.push_back({client->fd.get(), POLLIN, 0});
}

// Drops the oldest client that does not wait for anything, so that clients that connect and are silent do not
// keep others out. Returns whether there was one.
bool Control::drop_idle(Millis now) {
    const auto idle = std::find_if(clients_.begin(), clients_.end(), [&](const auto& client) {
        return client->waiting == Request::Kind::unknown && now - client->since >= idle_patience;
    });
    if (idle == clients_.end()) return false;
    clients_.erase(idle);
    return true;
}

// Returns no descriptor, with errno, when there is none. Waiting clients may hold all descriptors; then one
// more client gets a descriptor of the reserve, so that a stop is heard.
sys::Fd Control::accept_one(bool& on_spare) {
    const auto accept = [&] {
        return sys::Fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    };
    on_spare = false;
    if (clients_.size() < places_) {
        sys::Fd fd = accept();
        if (fd || errno != EMFILE) return fd;
    }
    errno = EMFILE;
    if (std::any_of(clients_.begin(), clients_.end(), [](const auto& client) { return client->on_spare; }))
        return {};
    on_spare = true;
    spares_.lend();
    sys::Fd fd = accept();
    const int error = errno;
    spares_.hold();
    errno = error;
    return fd;
}

void Control::accept_clients(Millis now) {
    for (int i = 0; i < requests_a_turn; ++i) {
        bool on_spare = false;
        sys::Fd fd = accept_one(on_spare);
        if (!fd) {
            if (errno == EAGAIN) return;
            if (errno == EINTR || errno == ECONNABORTED || drop_idle(now)) continue;
            // The error is EMFILE or the like. The client at the door would wake the guardian again at once,
            // without end.
            listen_at_ = now + accept_pause;
            return;
        }
        const auto peer = sys::peer_of(fd.get());
        if (!peer || (peer->uid != ::geteuid() && peer->uid != 0)) continue;
        auto client = std::make_unique<Client>();
        client->pid = peer->pid;
        client->uid = peer->uid;
        client->since = now;
        client->on_spare = on_spare;
        client->fd = std::move(fd);
        clients_.push_back(std::move(client));
    }
}

void Control::adopt_viewer(sys::Fd fd, int viewer) {
    const auto peer = sys::peer_of(fd.get());
    auto client = std::make_unique<Client>();
    client->pid = peer ? peer->pid : 0;
    client->uid = peer ? peer->uid : 0;
    client->since = sys::monotonic_ms();
    client->fd = std::move(fd);
    client->waiting = Request::Kind::attach;
    client->viewer = viewer;
    clients_.push_back(std::move(client));
}

void Control::hear(Client& client, Millis now) {
    Request request;
    for (int taken = 0; taken < requests_a_turn && !client.closed; ++taken) {
        const sys::Received received = run::take_request(client.fd.get(), request);
        if (received == sys::Received::none_yet) return;
        if (received == sys::Received::hang_up || received == sys::Received::failed) {
            client.closed = true;
            return;
        }
        client.since = now;
        if (received == sys::Received::too_long)
            client.say(run::refused_too_long());
        else if (request.kind == Request::Kind::unknown)
            client.say(run::refused_unknown());
        else
            handler_.handle(request, client);
    }
}

void Control::fire(std::span<const pollfd> polled, Millis now) {
    // The first entry is the listener, and the others are the clients as they were when they were polled.
    const std::size_t count = std::min(clients_.size(), polled.size() - 1);
    for (std::size_t i = 0; i < count; ++i)
        if (polled[i + 1].revents != 0) hear(*clients_[i], now);
    std::erase_if(clients_, [](const auto& client) { return client->closed; });
}

void Control::let_in(bool knocked, Millis now) {
    if (listen_at_ >= 0 && now >= listen_at_) listen_at_ = -1;
    if (knocked) accept_clients(now);
}

}  // namespace sigmund::guard
