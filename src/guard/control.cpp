// SPDX-License-Identifier: Apache-2.0
#include "guard/control.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "sys/unix_socket.hpp"

namespace sigmund::guard {
namespace {

constexpr std::size_t max_clients = 512;
constexpr int requests_a_turn = 32;  // of one client, so that it does not keep the guardian from its work
constexpr Millis accept_pause = 100, idle_patience = 1'000;

std::string_view take_word(std::string_view& text) {
    const auto start = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(start);
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

template <typename Int>
bool to_int(std::string_view word, Int& out) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
    return error == std::errc{} && end == word.data() + word.size();
}

}  // namespace

Request parse_request(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\0')) text.remove_suffix(1);
    Request r;
    const std::string_view verb = take_word(text);
    const auto grace = [&](std::string_view word) {
        if (word.empty()) return true;
        return to_int(word, r.grace) && r.grace >= 0 && r.grace <= Millis{1000} * 86400 * 36500;
    };
    using Kind = Request::Kind;
    if (verb == "hello") {
        r.kind = Kind::hello;
    } else if (verb == "stop") {
        const auto signal = sys::parse_signal(take_word(text));
        if (signal && grace(take_word(text))) {
            r.kind = Kind::stop;
            r.signal = *signal;
            r.reason = run::EndedBy(take_word(text));
        }
    } else if (verb == "kill") {
        r.kind = Kind::kill;
    } else if (verb == "signal") {
        const auto signal = sys::parse_signal(take_word(text));
        const std::string_view word = take_word(text);
        const auto reach = text::find_word(run::reach_words, word.empty() ? "group" : word);
        if (signal && reach) {
            r.kind = Kind::signal;
            r.signal = *signal;
            r.reach = *reach;
        }
    } else if (verb == "pause") {
        r.kind = Kind::pause;
    } else if (verb == "resume") {
        r.kind = Kind::resume;
    } else if (verb == "restart") {
        if (grace(take_word(text))) r.kind = Kind::restart;
    } else if (verb == "wait") {
        const std::string_view word = take_word(text);
        const auto until = text::find_word(run::until_words, word.empty() ? "leader" : word);
        if (until) {
            r.kind = Kind::wait;
            r.until = *until;
        }
    } else if (verb == "events") {
        r.kind = Kind::events;
    } else if (verb == "record") {
        r.kind = Kind::record;
    } else if (verb == "discard") {
        r.kind = Kind::discard;
    } else if (verb == "set") {
        r.word = take_word(text);
        r.value = take_word(text);
        for (const std::string_view field : {"name", "tags", "add-tags", "remove-tags", "keep", "shell"})
            if (r.word == field) r.kind = Kind::set;
    }
    return r;
}

// Half of the descriptors at most: a restart needs some.
Control::Control(sys::Fd listener, Handler& handler, sys::SpareFds& spares)
    : listener_(std::move(listener)), handler_(handler), spares_(spares) {
    rlimit limit{};
    places_ = max_clients;
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) places_ = std::min<std::size_t>(places_, limit.rlim_cur / 2);
}

void Client::say(std::string_view line, int passed) noexcept {
    // The socket does not block: EAGAIN means that its reader has stalled with a full buffer. A line that
    // does not fit a packet (none is known to come here) is not sent in part either.
    if (closed || sys::send_packet(fd.get(), line, passed) == 0) return;
    closed = true;
    ::shutdown(fd.get(), SHUT_RDWR);  // it is told, and wakes our poll, which lets go of it
}

void Control::watch(std::vector<pollfd>& set) const {
    set.push_back({listen_at_ < 0 ? listener_.get() : -1, POLLIN, 0});  // poll(2) passes over -1
    for (const auto& client : clients_) set.push_back({client->fd.get(), POLLIN, 0});
}

// So that nobody is kept out by those that connect and ask nothing.
bool Control::drop_idle(Millis now) {
    const auto idle = std::find_if(clients_.begin(), clients_.end(), [&](const auto& client) {
        return client->waiting == Request::Kind::unknown && now - client->since >= idle_patience;
    });
    if (idle == clients_.end()) return false;
    clients_.erase(idle);
    return true;
}

// Empty with errno. Clients that wait may hold all descriptors: one more is let in on the reserve, so that a
// stop is heard.
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
            // EMFILE and the like: who knocks would wake us again at once, without end.
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

void Control::fire(std::span<const pollfd> polled, Millis now, Host&) {
    // Entry 0 is the listener, the rest the clients as they were when polled.
    const std::size_t count = std::min(clients_.size(), polled.size() - 1);
    for (std::size_t i = 0; i < count; ++i) {
        if (polled[i + 1].revents == 0) continue;
        Client& client = *clients_[i];
        std::string text;
        for (int taken = 0; taken < requests_a_turn; ++taken) {
            const sys::Received received = sys::take_packet(client.fd.get(), sys::max_packet, text);
            if (received == sys::Received::none_yet) break;
            if (received == sys::Received::hang_up || received == sys::Received::failed) {
                client.closed = true;
                break;
            }
            client.since = now;
            const bool whole = received == sys::Received::packet;
            const Request request = whole ? parse_request(text) : Request{};
            if (!whole)
                client.say("done 1 the request is longer than " + std::to_string(sys::max_packet) + " bytes");
            else if (request.kind == Request::Kind::unknown)
                client.say("done 1 unknown request");
            else
                handler_.handle(request, client);
            if (client.closed) break;
        }
    }
    std::erase_if(clients_, [](const auto& client) { return client->closed; });
}

void Control::let_in(bool knocked, Millis now) {
    if (listen_at_ >= 0 && now >= listen_at_) listen_at_ = -1;
    if (knocked) accept_clients(now);
}

}  // namespace sigmund::guard
