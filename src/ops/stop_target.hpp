// SPDX-License-Identifier: Apache-2.0
// One run on its way to its end, as ops/stop drives it: asked of its guardian (stop_target.cpp), or, where
// none answers, done process by process (stop_without_guardian.cpp).
#pragma once
#include <poll.h>

#include <optional>
#include <vector>

#include "ops/members.hpp"
#include "ops/stop.hpp"
#include "run/protocol.hpp"

namespace sigmund::ops {

class StopTarget {
  public:
    // All of these outlive the target.
    StopTarget(const run::View& view, const StopRequest& request, const run::Judged& run,
               StopOutcome& outcome)
        : view_(&view), request_(&request), run_(&run), outcome_(&outcome) {}

    // Sends the request to the guardian of a run that lives, which is waited for until then (monotonic ms)
    // when its socket is crowded. A run that does not live is done.
    void begin(sys::Millis until);
    // Waits for the guardian's hello until then (monotonic ms), and goes on without it when none comes.
    void await_hello(sys::Millis until);
    bool done() const { return progress_.done; }

    // For poll(2): what to watch, and by when (monotonic ms) turn() is due.
    void watch(std::vector<pollfd>& set) const;
    sys::Millis due() const;
    // One of the watched descriptors is readable.
    void fire();
    // What is due at this time.
    void turn(sys::Millis now);

  private:
    struct Progress {
        sys::Millis began = 0;
        // Without a guardian: until when the processes are awaited. With one: when to look which of them it
        // cannot end.
        sys::Millis deadline = -1;
        sys::Millis patience_ends = -1;  // when to continue without the guardian
        sys::Millis forks_until = -1;    // it forks while it is killed: when to give up
        bool killing = false;            // SIGKILL has been sent
        bool unwritten = false;          // no process lives, and the result is not known yet
        bool done = false;
    };

    sys::Millis grace() const;
    int signal() const;
    run::Request request_to_guardian() const;
    Roster& roster();
    void read_answer();
    bool finished_by_guardian();
    void signal_foreign();
    void look_for_survivors();
    void leave_word();

    void go_on_without_guardian();
    void signal_newcomers();
    void kill_all();
    void drop_ended();
    void time_is_up();
    void finish_without_guardian();
    void write_result();
    void name_suspects();
    void give_up();
    void give_up_forking();
    void be_done(run::Outcome outcome);

    const run::View* view_;
    const StopRequest* request_;
    const run::Judged* run_;
    StopOutcome* outcome_;
    sys::Fd channel_;  // to the guardian; empty: the run is ended without it
    sys::Fd
        unheard_;  // to one that does not answer: until we leave, it finds the request there when it thaws
    std::optional<Roster> roster_;
    Progress progress_;
};

}  // namespace sigmund::ops
