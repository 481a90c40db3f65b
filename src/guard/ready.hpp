// SPDX-License-Identifier: Apache-2.0
// --ready: when a life counts as begun. Probes run in an aide, one after the other, until all have answered;
// `notify` is told by the command itself.
#pragma once
#include "guard/aide.hpp"
#include "guard/notify.hpp"
#include "guard/plan.hpp"
#include "guard/source.hpp"

namespace sigmund::guard {

class Ready final : public Source {
  public:
    // `log` is the run's log file, for log: probes. `notify`: none, or who hears READY=1.
    Ready(Extras& extras, std::string log, Notify* notify);
    Millis deadline() const override { return due_; }
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_began(Millis now, Host& host) override;
    void life_ended(Host& host) override;

  private:
    void settle(Host& host);

    Extras& extras_;
    std::string log_;
    bool wants_probes_ = false, wants_notice_ = false;
    bool probes_open_ = false, notice_open_ = false;
    bool first_ = true;
    Millis due_ = -1;
};

// In an aide: tries the probes until all have succeeded (0), or the lifeline has ended (125). `log_from` is
// where in the log this life begins.
int await_probes(const std::vector<run::Probe>& probes, const sys::SpawnPlan& shape, const std::string& cwd,
                 const std::string& log, std::int64_t log_from, int lifeline);

// For a process of its own: returns once a line of the log, from there on, matches; false if the expression
// is none.
bool log_matches(const std::string& log, std::int64_t from, const std::string& expression);

}  // namespace sigmund::guard
