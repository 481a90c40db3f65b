// SPDX-License-Identifier: Apache-2.0
// The guardian's end of the control socket: it lets clients in, takes their requests (run/protocol.hpp has
// the words), and keeps those that wait for an answer.
#pragma once
#include <memory>
#include <vector>

#include "guard/source.hpp"
#include "run/protocol.hpp"
#include "sys/spare_fds.hpp"

namespace sigmund::guard {

using run::Request;

// Who asked and is waiting for an answer.
struct Client {
    sys::Fd fd;
    Request::Kind waiting = Request::Kind::unknown;  // unknown: for nothing
    run::Until until = run::Until::leader;           // of `wait`
    Millis since = 0;
    bool closed = false;
    bool on_spare = false;  // it was let in on a descriptor of the reserve: one at a time
    pid_t pid = 0;          // who connected (SO_PEERCRED)
    uid_t uid = 0;

    // A client that does not read is dropped, never waited for. `passed`: a descriptor that goes along.
    void say(const run::Answer& answer, int passed = -1) noexcept;
};

class Control final : public Source {
  public:
    // What the loop does with a request; it may answer at once or remember the client as waiting.
    class Handler {
      public:
        virtual ~Handler() = default;
        virtual void handle(const Request& request, Client& client) = 0;
    };
    // `spares` let one more client in when no other descriptor is to be had.
    Control(sys::Fd listener, Handler& handler, sys::SpareFds& spares);
    // Another socket, when the first one's file is gone. Clients that are connected stay.
    void listen_on(sys::Fd listener) { listener_ = std::move(listener); }

    void watch(std::vector<pollfd>& set) const override;
    Millis deadline() const override { return listen_at_; }
    std::size_t clients() const { return clients_.size(); }
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    // After fire(): accepts those that have connected; `knocked`: there are some.
    void let_in(bool knocked, Millis now);
    // Calls `each` for every client that waits.
    template <typename Each>
    void each_waiting(Each each) {
        for (const auto& client : clients_)
            if (!client->closed && client->waiting != Request::Kind::unknown) each(*client);
    }

  private:
    void accept_clients(Millis now);
    sys::Fd accept_one(bool& on_spare);
    bool drop_idle(Millis now);  // the oldest that waits for nothing; whether there was one
    sys::Fd listener_;
    Millis listen_at_ = -1;  // no descriptor is to be had: nobody is let in before
    Handler& handler_;
    sys::SpareFds& spares_;
    std::size_t places_;
    std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace sigmund::guard
