// SPDX-License-Identifier: Apache-2.0
// Waiting for runs to end, without polling: the guardian answers when it is so; without one, pidfds.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "run/failure.hpp"
#include "run/store.hpp"

namespace sigmund::ops {

// Until its leader has ended and no restart is due; until no process is left; until it is ready.
enum class Until : std::uint8_t { leader, gone, ready };

struct WaitRequest {
    Until until = Until::leader;
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
    sys::ExitStatus status;
    std::string why;
    // The run's own status; 1 when unknown, 2 when stale, 124 when not ended. Until::ready: 0 when it is, 124
    // when it was not in time, else never 0.
    int exit() const;
    Until until = Until::leader;
};

std::vector<WaitOutcome> wait(const run::Store& store, const std::vector<run::Record>& records,
                              const WaitRequest& request);

// Descriptors that become readable when what is waited for has come.
class EndWatch {
  public:
    using Until = ops::Until;
    EndWatch(const run::Store& store, const run::Record& record, Until until);
    // Already over when it was asked.
    bool over() const { return over_; }
    const std::vector<int> descriptors() const;
    // Called when one is readable: whether it is over now. What to watch may have changed after it.
    bool check();
    sys::ExitStatus status() const { return status_; }
    bool stale() const { return stale_; }
    bool ready() const { return ready_; }
    bool late() const { return late_; }
    bool foreign() const { return foreign_; }
    const std::string& why() const { return why_; }

  private:
    void fall_back();
    const run::Store& store_;
    run::Record record_;
    Until until_;
    bool over_ = false, stale_ = false, ready_ = false, late_ = false, foreign_ = false;
    std::string why_;
    sys::ExitStatus status_;
    sys::Fd channel_;
    std::vector<sys::Fd> pidfds_;
};

}  // namespace sigmund::ops
