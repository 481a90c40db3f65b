// SPDX-License-Identifier: Apache-2.0
// --ready: when a life counts as begun. Probes run in an aide, one after the other, until all have answered;
// `notify` is told by the command itself. The time of --ready-timeout counts from the first life after the
// run was ready last (or was started): restarts in between do not begin it again.
#pragma once
#include "guard/aide.hpp"
#include "guard/notify.hpp"
#include "guard/plan.hpp"
#include "guard/source.hpp"
#include "sys/shared.hpp"

namespace sigmund::guard {

// What an aide tells its guardian, through shared memory: both are text, ended by a zero byte.
struct ReadyReport {
    char last[512];     // the probe that is being tried, and its last answer
    char result[1536];  // once the aide has ended: notes, or why the run is not ready
};

class Ready final : public Source {
  public:
    // `notify`: none, or the source that hears READY=1. `final`: nothing restarts a run that is not ready in
    // time, so that it is stopped, also after its first life.
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
    bool first_ = true;  // the run has not been ready yet
    std::string notes_;
    Millis due_ = -1;  // when time runs out; -1: it is ready, or was given up
};

// All that an aide needs to try the probes of one life.
struct ReadyJob {
    const ReadyPlan& plan;
    const sys::SpawnPlan& shape;  // of the command, for cmd: probes
    const run::Store& store;
    const run::Record& record;
    std::vector<LogStart> logs;
    pid_t guardian;
    Millis deadline;  // monotonic
};
// How await_probes() ends, as the aide's exit status.
inline constexpr int probes_answered = 0, answered_by_others = 123, probes_timed_out = 124,
                     lifeline_ended = 125;
// In an aide: tries the probes until all have succeeded, time has run out, another process answers, or the
// lifeline has ended.
int await_probes(const ReadyJob& job, ReadyReport& report, int lifeline);

// For a process of its own: returns once a line of one of the logs, from there on, matches as a person would
// see it; false if the expression is none.
bool log_matches(const std::vector<LogStart>& logs, const std::string& expression);

// For a time-out: "the run listens on 5173, not 24012", "" where ports say nothing about the probe.
std::string describe_ports(const run::Probe& probe, const std::vector<pid_t>& processes);
// The same for output: a hint that it may be buffered, when there is none.
std::string describe_output(const std::vector<LogStart>& logs);

}  // namespace sigmund::guard
