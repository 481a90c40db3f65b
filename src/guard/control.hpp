// SPDX-License-Identifier: Apache-2.0
// The control socket: one line of words per packet in, lines out, the last one starting with `done CODE`.
//
//   hello 1                            hello 1
//   stop SIGNAL GRACE_MS, kill         signalled PID.. | exited PID.. | killed PID.. | escaped N | outcome
//   WORD
//                                      | took MS
//   signal NUMBER leader|group|every   reached N
//   pause, resume, restart GRACE_MS    (restart: pid N)
//   wait leader|gone|ready             exit N, signal NAME, unknown or ready; of a run that was stopped
//   before
//                                      it was ready, first late (in time) or foreign (another answered)
//   events                             event AT_MS STATE RESULT PID RESTARTS READY HEALTH EXIT, as things
//   change set name NAME, set tags A,B, set keep 0|1, set shell -
//
// A word it does not know is answered `done 1 unknown request`, so that a newer sigmund can talk to an older
// guardian.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "guard/source.hpp"

namespace sigmund::guard {

inline constexpr int protocol_version = 1;

// A request, parsed: pure, so that it can be fuzzed.
struct Request {
    enum class Kind : std::uint8_t {
        unknown,
        hello,
        stop,
        kill,
        signal,
        pause,
        resume,
        restart,
        wait,
        events,
        set
    };
    Kind kind = Kind::unknown;
    int signal = 0;
    Millis grace = -1;
    std::string word;   // signal: reach; wait: until; set: field
    std::string value;  // set
};
Request parse_request(std::string_view text);

// Who asked and is waiting for an answer.
struct Client {
    sys::Fd fd;
    Request::Kind waiting = Request::Kind::unknown;  // unknown: for nothing
    enum class Until : std::uint8_t { leader, gone, ready };
    Until until = Until::leader;  // wait
    Millis since = 0;
    bool closed = false;
    pid_t pid = 0;  // who connected (SO_PEERCRED)
    uid_t uid = 0;

    void say(std::string_view line) noexcept;  // a client that does not read is dropped, never waited for
};

class Control final : public Source {
  public:
    // What the loop does with a request; it may answer at once or remember the client as waiting.
    class Handler {
      public:
        virtual ~Handler() = default;
        virtual void handle(const Request& request, Client& client) = 0;
    };
    Control(sys::Fd listener, Handler& handler);

    void watch(std::vector<pollfd>& set) const override;
    Millis deadline() const override { return listen_at_; }
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    // Calls `each` for every client that waits.
    template <typename Each>
    void each_waiting(Each each) {
        for (const auto& client : clients_)
            if (!client->closed && client->waiting != Request::Kind::unknown) each(*client);
    }

  private:
    void accept_clients(Millis now);
    bool drop_idle(Millis now);  // the oldest that waits for nothing; whether there was one
    sys::Fd listener_;
    Millis listen_at_ = -1;  // no descriptor is to be had: nobody is let in before
    Handler& handler_;
    std::size_t places_;
    std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace sigmund::guard
