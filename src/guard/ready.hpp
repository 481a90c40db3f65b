// SPDX-License-Identifier: Apache-2.0
// --ready: when a life counts as begun. An aide tries the probes one after the other until all have
// succeeded; the command itself reports `notify`. The time of --ready-timeout counts from the first life
// since the run was last ready (or was started), and restarts do not extend it.
#pragma once
#include "guard/aide.hpp"
#include "guard/notify.hpp"
#include "guard/plan.hpp"
#include "guard/source.hpp"
#include "sys/shared.hpp"

namespace sigmund::guard {

// The report of an aide to its guardian, in shared memory. Both members are text and end with a zero byte.
struct ReadyReport {
    char last[512];     // the current probe, and its last answer
    char result[1536];  // valid after the aide has ended: notes, or the reason why the run is not ready
};

class Ready final : public Source {
  public:
    // `notify` is null or the source that receives READY=1. `final` means that nothing restarts a run that is
    // not ready in time, so that it is stopped, also after its first life.
    Ready(ReadyPlan& plan, Notify* notify, bool final);
    Millis deadline() const override;
    void fire(std::span<const pollfd> polled, Millis now, Host& host) override;
    void life_began(Millis now, Host& host) override;
    void life_ended(Host& host) override;

  private:
    void begin_probes(Host& host);
    void probes_ended(const sys::ExitStatus& status, Host& host);
    void settle(Host& host);
    void give_up(Host& host, Cause cause, const std::string& detail);

    ReadyPlan& plan_;
    sys::Shared<ReadyReport> report_;
    bool final_;
    bool wants_probes_ = false, wants_notice_ = false;
    bool living_ = false, probes_open_ = false, notice_open_ = false;
    bool first_ = true;  // the run was not ready yet
    std::string notes_;
    Millis due_ = -1;  // when the time is over; -1: the run is ready, or has been given up
};

// Everything that an aide needs to try the probes of one life.
struct ReadyJob {
    const ReadyPlan& plan;
    const sys::SpawnPlan& shape;  // the plan of the command, for cmd: probes
    const run::Store& store;
    const run::Record& record;
    std::vector<LogStart> logs;
    pid_t guardian;
    Millis deadline;  // monotonic
};
// The results of await_probes(), which are the aide's exit status.
inline constexpr int probes_answered = 0, answered_by_others = 123, probes_timed_out = 124,
                     lifeline_ended = 125;
// Runs in an aide: tries the probes until all have succeeded, the time is over, another process answers, or
// the lifeline has ended.
int await_probes(const ReadyJob& job, ReadyReport& report, int lifeline);

// Runs in a separate process. Returns true once a line of one of the logs, from the given positions on,
// matches in the form in which a person would see it. Returns false if the expression is invalid.
bool log_matches(const std::vector<LogStart>& logs, const std::string& expression);

// Returns a text for a time-out, such as "the run listens on 5173, not 24012", or "" where ports say nothing
// about the probe.
std::string describe_ports(const run::Probe& probe, const std::vector<pid_t>& processes);
// Returns a hint that the output may be buffered when there is none, otherwise "".
std::string describe_output(const std::vector<LogStart>& logs);

}  // namespace sigmund::guard
