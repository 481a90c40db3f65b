// SPDX-License-Identifier: Apache-2.0
// --ready: when a life counts as begun. An aide tries the probes one after the other until all have
// succeeded; the command itself reports `notify`. A line of --ready-fail in a log before that is a failure. The time of --ready-timeout counts from the first life
// since the run was last ready (or was started), and restarts do not extend it.
#pragma once
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "guard/aide.hpp"
#include "guard/notify.hpp"
#include "guard/plan.hpp"
#include "guard/ready_log.hpp"
#include "guard/source.hpp"
#include "sys/shared.hpp"

namespace sigmund::guard {

// The report of an aide to its guardian, in shared memory. All members are text and end with a zero byte.
struct ReadyReport {
    char last[512];      // the current probe, and its last answer
    char result[1536];   // valid after the aide has ended: notes, or the reason why the run is not ready
    char failure[1024];  // what the line of --ready-fail says, for the aide itself
};
template <std::size_t N>
void write_text(char (&out)[N], const std::string& text) {
    const std::size_t size = std::min(text.size(), N - 1);
    std::memcpy(out, text.data(), size);
    out[size] = 0;
}

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
    sys::Fd notice_;     // for an aide that waits for `notify`, too: closed when READY=1 has come
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
    int notice;       // hangs up when READY=1 has come; -1: the guardian itself waits for it
};
// The results of await_probes(), which are the aide's exit status.
inline constexpr int probes_answered = 0, said_failure = 122, answered_by_others = 123,
                     probes_timed_out = 124, lifeline_ended = 125;
// Runs in an aide: tries the probes until all have succeeded, the time is over, another process answers, a
// line means failure, or the lifeline has ended.
//
// With --ready-fail a line that was written before the run was ready always counts. Where all probes are log:
// and there is one log, the order of the lines decides. Otherwise the logs are searched once more after the
// other probes have succeeded.
int await_probes(const ReadyJob& job, ReadyReport& report, int lifeline);
// Does the same one probe after the other, but leaves the log to the caller if there are failures to look
// for.
int try_probes(const ReadyJob& job, ReadyReport& report, int lifeline);
// Starts a search in a process of its own, with limited memory. Its exit status is probes_answered,
// said_failure (`failure` then says which) or another one, when the search is not possible. `last` tells
// which line is awaited. Returns its pid, or -1.
pid_t start_search(const LogSearch& search, ReadyReport& report);

// Returns a text for a time-out, such as "the run listens on 5173, not 24012", or "" where ports say nothing
// about the probe.
std::string describe_ports(const run::Probe& probe, const std::vector<pid_t>& processes);
// Returns a hint that the output may be buffered when there is none, otherwise "".
std::string describe_output(const std::vector<LogStart>& logs);

}  // namespace sigmund::guard
