// SPDX-License-Identifier: Apache-2.0
// The control socket: one line of words per packet in, lines out, the last one starting with `done CODE`.
//
//   hello 1                            hello 1 N, the longest request in bytes; before 0.2 without N (4096)
//   stop SIGNAL GRACE_MS [REASON]      signalled PID.. | exited PID.. | killed PID.. | unlisted N (so many
//   kill                               more have ended) | escaped N | outcome WORD | took MS
//   signal NUMBER leader|group|every   reached N
//   pause, resume, restart GRACE_MS    (restart: pid N)
//   wait leader|gone|ready             exit N, signal NAME or unknown, then cause WORD; or ready; of a run
//                                      that was stopped before it was ready, first late (in time) or
//                                      foreign (another process answered)
//   events                             event AT_MS STATE RESULT PID RESTARTS READY HEALTH EXIT [CHANGES], at
//                                      each change; CHANGES: of --watch, lines escaped to one word
//   set name NAME, set tags A,B, set add-tags A,B, set remove-tags A,B, set keep 0|1, set shell -
//   record                             record, with a descriptor of a file that holds the run's record
//   discard                            of a run that is over but not written down: its files are removed
//
// Whatever is asked, the guardian first looks whether its files are still its own (guardian_files.cpp). A
// request that is too long is refused, never cut. A word it does not know is answered
// `done 1 unknown request`, so that a newer sigmund can talk to an older guardian.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "guard/source.hpp"
#include "run/ended_by.hpp"
#include "run/reach.hpp"
#include "run/until.hpp"
#include "sys/spare_fds.hpp"

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
        record,
        discard,
        set
    };
    Kind kind = Kind::unknown;
    int signal = 0;
    Millis grace = -1;
    run::Reach reach = run::Reach::group;   // signal
    run::Until until = run::Until::leader;  // wait
    run::EndedBy reason;                    // stop: what it is for (replace, shell-exit)
    std::string word;                       // set: the field
    std::string value;                      // set
};
Request parse_request(std::string_view text);

// Who asked and is waiting for an answer.
struct Client {
    sys::Fd fd;
    Request::Kind waiting = Request::Kind::unknown;  // unknown: for nothing
    run::Until until = run::Until::leader;           // wait
    Millis since = 0;
    bool closed = false;
    bool on_spare = false;  // it was let in on a descriptor of the reserve: one at a time
    pid_t pid = 0;          // who connected (SO_PEERCRED)
    uid_t uid = 0;

    // A client that does not read is dropped, never waited for. `passed`: a descriptor that goes along.
    void say(std::string_view line, int passed = -1) noexcept;
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
