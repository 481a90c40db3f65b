// SPDX-License-Identifier: Apache-2.0
// The guardian's end of the control socket. It lets clients in, takes their requests (run/protocol.hpp has
// the words), and keeps the clients that wait for an answer.
#pragma once
#include <poll.h>

#include <memory>
#include <span>
#include <vector>

#include "run/protocol.hpp"
#include "sys/spare_fds.hpp"

namespace sigmund::guard {

using run::Request;
using sys::Millis;

// A process that has connected, and what it waits for.
struct Client {
    sys::Fd fd;
    Request::Kind waiting = Request::Kind::unknown;  // unknown: it does not wait
    run::Until until = run::Until::leader;           // of `wait`
    Millis since = 0;                                // the time of the last request, monotonic ms
    bool closed = false;
    bool on_spare = false;  // it was let in on a descriptor of the reserve, as one client at a time may be
    pid_t pid = 0;          // the process that connected (SO_PEERCRED)
    uid_t uid = 0;
    std::string begun;  // the beginning of what it sends to the run
    int viewer = 0;     // the number of the terminal that it has attached; 0: none

    // Sends a line. A client that does not read is dropped, never waited for. `passed` is a descriptor that
    // is sent along.
    void say(const run::Answer& answer, int passed = -1) noexcept;
};

class Control {
  public:
    // Answers a request at once, or remembers in the client what it waits for.
    class Handler {
      public:
        virtual ~Handler() = default;
        virtual void handle(const Request& request, Client& client) = 0;
    };
    // A descriptor of `spares` lets one more client in when there is no other one.
    Control(sys::Fd listener, Handler& handler, sys::SpareFds& spares);
    // Listens at another socket when the file of the first one is gone. Connected clients stay.
    void listen_on(sys::Fd listener) { listener_ = std::move(listener); }

    // These work as those of a Source. The first entry is the listener.
    void watch(std::vector<pollfd>& set) const;
    Millis deadline() const { return listen_at_; }
    void fire(std::span<const pollfd> polled, Millis now);
    // Called after fire(). Lets in the clients that have connected; `knocked` says whether there are any.
    void let_in(bool knocked, Millis now);

    // Takes the connection of a client that has attached a terminal already.
    void adopt_viewer(sys::Fd fd, int viewer);

    std::size_t clients() const { return clients_.size(); }
    // Calls `each` for every waiting client.
    template <typename Each>
    void each_waiting(Each each) {
        for (const auto& client : clients_)
            if (!client->closed && client->waiting != Request::Kind::unknown) each(*client);
    }

  private:
    void accept_clients(Millis now);
    sys::Fd accept_one(bool& on_spare);
    bool drop_idle(Millis now);
    void hear(Client& client, Millis now);

    sys::Fd listener_;
    Millis listen_at_ = -1;  // set when there was no descriptor: no client is let in before this time
    Handler& handler_;
    sys::SpareFds& spares_;
    std::size_t places_;
    std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace sigmund::guard
