// SPDX-License-Identifier: Apache-2.0
// One run that is being stopped, as driven by ops/stop: through its guardian (stop_target.cpp), or, when none
// answers, process by process (stop_without_guardian.cpp).
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
    // All arguments must outlive the target.
    StopTarget(const run::View& view, const StopRequest& request, const run::Judged& run,
               StopOutcome& outcome)
        : view_(&view), request_(&request), run_(&run), outcome_(&outcome) {}

    // Sends the request to the guardian of a live run. If its socket is crowded, waits for it until `until`
    // (monotonic ms). A run that is over is done at once.
    void begin(sys::Millis until);
    // Waits for the guardian's hello until `until` (monotonic ms), and continues without the guardian when
    // none comes.
    void await_hello(sys::Millis until);
    bool done() const { return progress_.done; }

    // For poll(2): what to watch, and when (monotonic ms) turn() is due.
    void watch(std::vector<pollfd>& set) const;
    sys::Millis due() const;
    // Handles a readable descriptor.
    void fire();
    // Does what is due at this time (monotonic ms).
    void turn(sys::Millis now);

  private:
    struct Progress {
        sys::Millis began = 0;
        // Monotonic ms. Without a guardian: how long to wait for the processes. With one: when to check which
        // of them it cannot end.
        sys::Millis deadline = -1;
        sys::Millis patience_ends = -1;  // when to continue without the guardian
        sys::Millis forks_until = -1;    // for a run that forks while it is killed: when to give up
        bool killing = false;            // SIGKILL has been sent
        bool unwritten = false;          // no process is alive, and the result is not known yet
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

    bool refuse_to_signal();
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
    // To a frozen guardian. It stays open until this process ends, so that the guardian finds the request
    // when it thaws.
    sys::Fd unheard_;
    std::optional<Roster> roster_;
    Progress progress_;
};

}  // namespace sigmund::ops
