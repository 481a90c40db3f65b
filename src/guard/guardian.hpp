// SPDX-License-Identifier: Apache-2.0
// The guardian: one small process for each run, parent of its leaders and subreaper of all that they leave.
// Its rooms share the work, and this class joins them. Whatever happens becomes an event for the machine, and
// the machine's orders are carried out here.
//
//   become.*       how the launcher's copy becomes a guardian
//   loop.*         the one poll, and signals
//   guardian.*     events for the machine, its orders, the end
//   lives.*        the members of the run, their states and the events that wait for them
//   starter.*      the start of lives (gates.*, start_look.*, pid_file.*)
//   reaper.*       signals, reaping, and when a life is empty
//   keeper.*       the record and its files (shown.*, run_files.*, run_log.*)
//   desk.*         requests and answers (control.*)
//   sources.*      all other sources of events
#pragma once
#include "guard/desk.hpp"
#include "guard/on_exit.hpp"
#include "guard/sources.hpp"

namespace sigmund::guard {

// What one turn of the loop polls: the parts of the loop itself, the desk, the log and the sources, in this
// order.
struct Polled {
    std::vector<pollfd> set;
    std::size_t desk = 0, log = 0, sources = 0;  // where each part begins
    std::span<pollfd> part(std::size_t from, std::size_t to) {
        return std::span(set).subspan(from, to - from);
    }
};

class Guardian final : public Host, public Keeper::Listener, public Desk::Loop {
  public:
    // Splits the plan into the rooms' parts.
    explicit Guardian(Plan& plan);
    Guardian(const Guardian&) = delete;
    Guardian& operator=(const Guardian&) = delete;

    // Starts the run and answers the launcher. Ends this process when the start fails. `reply` is empty
    // afterwards when the launcher could not be answered. `input`: see StartPlan.
    void start(sys::Input input, sys::Fd& reply);
    [[noreturn]] void fail_start(const sys::Fd& reply, const Starter::Failure& failure);

    // Called when the start is over. `once` says that no other start follows.
    void settle(bool once);

    // The parts of one turn of the loop.
    void watch(Polled& polled);
    Millis deadline() const;  // monotonic ms; -1: none
    Reaper& reaper() { return reaper_; }
    bool lets_in_later() const { return desk_.control().deadline() >= 0; }
    void hear_requests(Polled& polled, Millis now);
    void let_in(const Polled& polled, Millis now);
    void fire(Polled& polled, bool ready, Millis now);
    void look_at_files() { desk_.mend_files(); }
    // Handles a SIGTERM or SIGQUIT to this process.
    void told_to_end(int signal, pid_t pid, uid_t uid);
    // Returns how many descriptors are taken by clients, workers and those of the caller. An ordinary
    // guardian has none of these.
    std::size_t descriptors() const;
    sys::SpareFds& spares() { return desk_.spares(); }

    void post(const Event& event) override { lives_.post(event); }
    void tell(const Fact& fact) override;
    const run::Record& record() const override { return keeper_.record(); }
    Aides& aides() override { return aides_; }
    const sys::SpawnPlan& command() const override { return starter_.command(); }
    void set_variable(const std::string& name, const std::string& value) override;
    void signal_run(int signal) override;
    void note(const std::string& line) override { keeper_.log().note(line); }
    std::vector<LogStart> logs() const override { return keeper_.log().starts(); }
    const run::Store& store() const override { return keeper_.store(); }

    void record_shown() override;
    void run_over() override;
    void process_events() override;
    OpenInput* input() override;
    Console* console() override { return keeper_.log().console(); }

  private:
    void execute(Member& member, unsigned orders);
    void start_again(Member& member);
    void end_if_over();

    Lives lives_;
    Aides aides_;
    Keeper keeper_;
    Sources sources_;
    Starter starter_;
    Reaper reaper_;
    Desk desk_;
    OnExit on_exit_;
};

}  // namespace sigmund::guard
