// SPDX-License-Identifier: Apache-2.0
// Waits for runs to end, without polling: the guardian answers when a run is over; without a guardian, pidfds
// show the end.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/members.hpp"
#include "run/failure.hpp"
#include "run/until.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

// How a wait for one run ended.
struct WaitEnd {
    bool over = false;     // what was waited for has happened, or cannot happen any more
    bool ready = false;    // Until::ready: the run is ready
    bool late = false;     // Until::ready: it was stopped because it was not ready in time
    bool foreign = false;  // Until::ready: it was stopped because another process answered its probe
    bool told = false;     // Until::ready: it was stopped because of a line of --ready-fail in its log
    bool stale = false;
    std::string why;         // for a stale run, for people
    sys::ExitStatus status;  // of the leader
    run::EndedBy cause;      // what ended the run; none if an older guardian did not say
};

struct WaitRequest {
    run::Until until = run::Until::leader;
    bool any = false;  // return when the first of them is over
    std::optional<sys::Millis> timeout;
};

struct WaitOutcome {
    run::Record record;                     // as it is after the wait
    WaitEnd end;                            // not `over` when time ran out, or another run was over first
    run::Until until = run::Until::leader;  // what was waited for
    bool failed = false;     // the run was not ready, unhealthy, restarted too often, or not executable
    bool timed_out = false;  // its own --timeout ended it

    // Returns the exit status: the run's own (128+N for a signal); 124 when time ran out for the wait, the
    // run or its readiness; 2 when the run is stale; 1 when the status is unknown, or would be 0 although the
    // run failed or ended before it was ready (if that was waited for).
    int exit() const;
};

// Returns when all of them are over (with `any`: one of them), or when time has run out. The outcomes are in
// the order of `runs`.
std::vector<WaitOutcome> wait(const run::View& view, const std::vector<run::Judged>& runs,
                              const WaitRequest& request);

// Returns how a wait ended, from what an EndWatch has seen and from the record as it is now.
WaitOutcome outcome_of(const run::Store& store, const run::Record& record, const WaitEnd& end,
                       run::Until until);

// Watches one run: its descriptors become readable when what is waited for may have happened. `view` must
// outlive it.
class EndWatch {
  public:
    EndWatch(const run::View& view, const run::Judged& run, run::Until until);
    std::vector<int> descriptors();
    // Returns whether the descriptors tell everything. Where they do not (no guardian and no pidfds), call check() from
    // time to time, too (sys::pause_between_looks).
    bool told() const;
    // Call it when a descriptor is readable. Returns whether the wait is over. Afterwards the descriptors may
    // be different.
    bool check();
    const WaitEnd& end() const { return end_; }
    bool over() const { return end_.over; }
    // Returns whether the guardian will answer. Without one nobody can tell that a run is ready.
    bool guarded() const { return static_cast<bool>(channel_); }

  private:
    void watch_without_guardian();
    bool await_the_cause();
    const run::View* view_;
    run::Record record_;
    run::Until until_;
    WaitEnd end_;
    sys::Fd channel_;  // to the guardian
    sys::Fd leader_;   // without a guardian: the pidfd of the leader, or (below) all processes of the run
    std::optional<Roster> roster_;
};

}  // namespace sigmund::ops
