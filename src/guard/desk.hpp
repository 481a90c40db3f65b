// SPDX-License-Identifier: Apache-2.0
// The desk takes the requests at the control socket (run/protocol.hpp has the words) and answers them: at
// once, or when what a client waits for has come.
#pragma once
#include <string>

#include "guard/control.hpp"
#include "guard/keeper.hpp"
#include "guard/reaper.hpp"
#include "guard/starter.hpp"

namespace sigmund::guard {

class Desk final : public Control::Handler {
  public:
    // What the desk asks of the guardian: to handle the events that wait, now.
    class Loop {
      public:
        virtual ~Loop() = default;
        virtual void process_events() = 0;
    };
    Desk(sys::Fd listener, sys::SpareFds spares, Lives& lives, Keeper& keeper, Reaper& reaper,
         const Starter& starter, Loop& loop);

    Control& control() { return control_; }
    const Control& control() const { return control_; }
    // Descriptors in reserve, for moments in which no other one is to be had.
    sys::SpareFds& spares() { return spares_; }

    void handle(const Request& request, Client& client) override;
    // Looks at the files of the run, and listens at a new socket where the old one is gone.
    void mend_files();
    // For those who follow events, with the next change that they are told of.
    void changed_on_disk(const std::string& lines);
    // Tells those who follow events what people see now.
    void tell_followers();
    // Answers the clients for whom what they wait for has come.
    void answer_waiting();

  private:
    void act(const Request& request, Client& client);
    void wait(Client& client, const Request& request, const Event& event);
    void pause(const Request& request, Client& client);
    void signal(const Request& request, Client& client);
    void pass_record(Client& client);
    void discard(Client& client);
    run::Answer event_now() const;
    // Whether the client has been answered.
    bool answer(Client& client);
    bool answer_stop(Client& client);
    bool answer_wait(Client& client);
    bool answer_restart(Client& client);

    sys::SpareFds spares_;
    Control control_;
    Lives& lives_;
    Keeper& keeper_;
    Reaper& reaper_;
    const Starter& starter_;
    Loop& loop_;
    std::string changes_;  // on disk, that those who follow have not been told of
};

}  // namespace sigmund::guard
