// SPDX-License-Identifier: Apache-2.0
// Waiting for runs to end, without polling: the guardian answers when it is so; without one, pidfds.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ops/members.hpp"
#include "run/failure.hpp"
#include "run/store.hpp"
#include "run/until.hpp"

namespace sigmund::ops {

struct WaitRequest {
    run::Until until = run::Until::leader;
    bool any = false;  // until the first of them
    std::optional<sys::Millis> timeout;
};

struct WaitOutcome {
    run::Record record;    // as it stands after the wait
    bool ended = false;    // false: time ran out, or another came first
    bool ready = false;    // Until::ready: it is
    bool late = false;     // Until::ready: it was stopped because it was not in time
    bool foreign = false;  // Until::ready: it was stopped because another process answered its probe
    bool stale = false;
    bool failed = false;     // it gave up: not ready, unhealthy, too many restarts, not executable
    bool timed_out = false;  // the run's own --timeout ended it
    sys::ExitStatus status;
    std::string why;
    // The run's own status, 128+N for a signal; 124 when time ran out for the wait, the run or its readiness;
    // 2 when stale. 1 when the status is not known, and where it would be 0 although the run failed, or ended
    // before it was ready where that was waited for.
    int exit() const;
    run::Until until = run::Until::leader;  // what was waited for
};

std::vector<WaitOutcome> wait(const run::Store& store, const std::vector<run::Record>& records,
                              const WaitRequest& request);

// Descriptors that become readable when what is waited for has come.
class EndWatch {
  public:
    EndWatch(const run::Store& store, const run::Record& record, run::Until until);
    // Already over when it was asked.
    bool over() const { return over_; }
    std::vector<int> descriptors();
    // Called when one is readable: whether it is over now. What to watch may have changed after it.
    bool check();
    sys::ExitStatus status() const { return status_; }
    bool stale() const { return stale_; }
    bool ready() const { return ready_; }
    bool late() const { return late_; }
    bool foreign() const { return foreign_; }
    const std::string& why() const { return why_; }
    // What ended the run; none: an older guardian did not say.
    const run::EndedBy& cause() const { return cause_; }

  private:
    void fall_back();
    bool ask_for_the_end();
    const run::Store& store_;
    run::Record record_;
    run::Until until_;
    bool over_ = false, stale_ = false, ready_ = false, late_ = false, foreign_ = false;
    std::string why_;
    run::EndedBy cause_;
    sys::ExitStatus status_;
    sys::Fd channel_;
    sys::Fd leader_;  // without a guardian: its pidfd, or the pinned processes of the run
    std::unique_ptr<run::Census> census_;
    std::optional<Roster> roster_;
};

}  // namespace sigmund::ops
