// SPDX-License-Identifier: Apache-2.0
// The desk takes the requests at the control socket (run/protocol.hpp has the words) and answers them, either
// at once or when what a client waits for has happened.
#pragma once
#include <string>

#include "guard/console.hpp"
#include "guard/control.hpp"
#include "guard/input_pipe.hpp"
#include "guard/keeper.hpp"
#include "guard/reaper.hpp"
#include "guard/starter.hpp"

namespace sigmund::guard {

class Desk final : public Control::Handler {
  public:
    // What the desk needs from the guardian.
    class Loop {
      public:
        virtual ~Loop() = default;
        // Handles the pending events now.
        virtual void process_events() = 0;
        // Returns the input of the run, or nullptr when none is kept open.
        virtual OpenInput* input() = 0;
        // Returns the terminals of the run, or nullptr when it has none.
        virtual Console* console() = 0;
    };
    Desk(sys::Fd listener, sys::SpareFds spares, Lives& lives, Keeper& keeper, Reaper& reaper,
         const Starter& starter, Loop& loop);

    Control& control() { return control_; }
    const Control& control() const { return control_; }
    // Descriptors in reserve, for moments when there is no other one.
    sys::SpareFds& spares() { return spares_; }

    void handle(const Request& request, Client& client) override;
    // Checks the files of the run, and listens at a new socket where the old one is gone.
    void mend_files();
    // Keeps these lines for the clients that follow events. They are sent with the next event.
    void changed_on_disk(const std::string& lines);
    // Sends the visible state of the run to the clients that follow events.
    void tell_followers();
    // Answers the clients for whom what they wait for has happened.
    void answer_waiting();

  private:
    void act(const Request& request, Client& client);
    void wait(Client& client, const Request& request, const Event& event);
    void pause(const Request& request, Client& client);
    void signal(const Request& request, Client& client);
    void take_input(const Request& request, Client& client);
    // Requests about terminals that are attached (desk_viewers.cpp).
    void attach(const Request& request, Client& client);
    void resize(const Request& request, Client& client);
    void detach(const Request& request, Client& client);
    void describe_terminal(Client& client);
    bool answer_attached(Client& client);
    void pass_record(Client& client);
    void discard(Client& client);
    run::Answer event_now() const;
    // Returns whether the client was answered.
    bool answer(Client& client);
    bool answer_stop(Client& client);
    bool answer_wait(Client& client);
    // Returns whether the leader has ended and will not come back.
    bool leader_over() const;
    void tell_end(Client& client);
    bool answer_restart(Client& client);

    sys::SpareFds spares_;
    Control control_;
    Lives& lives_;
    Keeper& keeper_;
    Reaper& reaper_;
    const Starter& starter_;
    Loop& loop_;
    std::string changes_;  // on disk, not yet sent to the clients that follow events
};

}  // namespace sigmund::guard
