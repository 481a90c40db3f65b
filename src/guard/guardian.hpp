// SPDX-License-Identifier: Apache-2.0
// The guardian: one small process per run, parent of its leaders and subreaper of all they leave. It sleeps
// in one poll, turns what happens into events for the machine, and carries out the machine's orders. Sole
// writer of its record.
//
//   guardian.cpp          becoming one, the poll, events to the machine, its orders
//   guardian_start.cpp    leaders at their gates, and through them
//   guardian_look.cpp     what --ready finds before a later life begins
//   guardian_reap.cpp     who has ended, when a life is empty, killing until it is
//   guardian_record.cpp   what people see: the record, the log's notes, the end
//   guardian_answers.cpp  requests at the control socket
//   guardian_files.cpp    writing the record, and what others did to the run's files
#pragma once
#include "guard/aide.hpp"
#include "guard/control.hpp"
#include "guard/log_pump.hpp"
#include "guard/plan.hpp"
#include "guard/source.hpp"
#include "guard/terminate.hpp"
#include "sys/shared.hpp"

namespace sigmund::guard {

// A life of its own within the run: the run itself, or a worker of a pool. A pipe's stages share one.
struct Member {
    int worker = -1;  // its number; -1: no pool
    State state;
    Life life;
    bool end_noted = false;  // the end of the last life is in the record's results
};

class FifoInput;

class Guardian final : public Host, public Control::Handler {
  public:
    explicit Guardian(Plan plan) : plan_(std::move(plan)) {}

    [[noreturn]] void run();

    void post(const Event& event) override;
    Aides& aides() override { return aides_; }
    run::Record& record() override { return plan_.record; }
    void save_soon() override { save_due_ = true; }
    const sys::SpawnPlan& command() const override { return *plan_.commands[0]; }
    std::vector<LogStart> logs() const override { return log_starts_; }
    const run::Store& store() const override { return plan_.store; }
    void set_variable(const std::string& name, const std::string& value) override;
    void changes(const std::string& lines) override;
    void signal_run(int signal) override;
    void note(const std::string& line) override;
    void handle(const Request& request, Client& client) override;

  private:
    // A leader waiting at its gate: a byte lets it through, its end sends it away; what cannot be executed
    // comes back; a successful exec closes it.
    struct Gate {
        std::size_t leader;
        sys::Fd fd;
    };
    // Why a restart could not execute the command, and what it could not open or execute.
    struct SpawnFailure {
        sys::SpawnError error;
        std::string object;
    };
    struct Post {
        Member* member;
        Event event;
    };

    // guardian.cpp
    void become_guardian();
    void lower_oom_score();
    void hold_input(sys::Input& input);
    void make_sources();
    void settle();
    std::size_t descriptors_in_use() const;
    void turn();
    void fire_sources(std::size_t first, Millis now);
    void read_signals();
    void process_events();
    void execute(Member& member, unsigned orders);
    void tell_sources(bool before, bool after);
    bool any_running() const;
    bool over() const;      // every member has ended
    bool clearing() const;  // some life is being ended
    void be_urgent(bool urgent);

    // guardian_start.cpp
    void start_first();
    [[noreturn]] void fail_start(bool own_fault, sys::SpawnError error, int part = 0);
    sys::SpawnError open_files_again();
    void make_logs_again();
    sys::SpawnError fork_leaders(Member& member, std::vector<Gate>& gates);
    sys::SpawnError fork_leader(Member& member, sys::SpawnPlan& command, Gate& gate);
    sys::SpawnError release(Member& member, std::vector<Gate>& gates, int& part);
    bool told_to_end();
    void start_again(Member& member);
    void not_started_again(Member& member, const std::string& who, SpawnFailure failure);
    void add_result(const run::Result& result);
    void begin_life(Member& member);
    void write_pid_file();

    // guardian_look.cpp
    bool look_first();
    void look_ended(const sys::ExitStatus& status);

    // guardian_reap.cpp
    void reap();
    void take(pid_t pid);
    void look_at_leader(Member& member, Leader& leader);
    void see_end(Member& member, Leader& leader, const siginfo_t& info);
    Member* member_of_leader(pid_t pid, Leader** leader);
    void note_end(const siginfo_t& info);
    void check_empty(Member& member);
    void check_over();
    void kill_everything(Member& member);
    void bury(Member& member, const siginfo_t& info);
    // Whether any were; `left`: whether some live.
    bool reap_all(Member& member, bool& left);
    bool reap_covered(Member& member, const Scope& scope, bool& left);
    bool nobody_left();

    // guardian_record.cpp
    void fill_record();
    void fill_result();
    void fill_end();
    Cause cause_of_end() const;
    run::EndedBy end_of(Cause cause) const;
    void fill_parts();
    void save();
    void finish();
    void try_final_save();
    void leave();
    void mark_done();
    void free_name();
    void run_on_exit();
    void mark_log();
    void end_output(int worker);

    // guardian_files.cpp
    int write_down(sys::Durable durable, std::size_t limit = run::record_limit);  // 0 or errno
    void remember_written();
    void retry_later();
    void retry_now();
    bool store_is_gone();
    void mend_files();
    void discard(Client& client);

    // guardian_answers.cpp
    void answer_waiting();
    void say_outcome(Client& client);
    void say_status(Client& client);
    void set_field(const Request& request, Client& client);
    void pass_record(Client& client);
    void broadcast();
    bool ready() const;
    sys::ExitStatus status() const;

    Plan plan_;
    std::vector<Member> members_;
    Ledger ledger_;
    sys::Fd signals_;
    std::unique_ptr<Control> control_;
    std::unique_ptr<LogPump> pump_;  // only where the log is capped or prefixed
    std::vector<std::unique_ptr<Source>> sources_;
    FifoInput* fifo_input_ = nullptr;  // one of the sources, if stdin ever was a FIFO
    std::string start_problem_;        // why the last restart failed
    Aides aides_;
    std::vector<Post> posts_;
    std::vector<pollfd> polled_;
    std::vector<pid_t> nested_;
    Millis nested_until_ = -1;
    std::vector<LogStart> log_starts_;
    sys::Shared<ReadyLook> look_;                          // while an aide looks before a life begins
    bool looked_ = false;                                  // and has found nothing in the way
    std::optional<run::Stamp> record_seen_, socket_seen_;  // as this guardian made them
    std::string changes_;  // on disk, that those who follow have not been told of
    bool save_due_ = false;
    bool reap_due_ = false;  // more may have ended
    bool urgent_ = false;
    bool quit_ = false;      // the guardian was told to end the run by SIGQUIT
    bool end_all_ = false;   // the run is being ended: what no worker owns goes too
    bool finished_ = false;  // the run is over; what is left is to write it down
    bool written_ = false;   // and it has been
    Cause end_cause_ = Cause::none;
    Millis retry_at_ = -1, retry_pause_ = 1000;
};

// The children that one member's deeds are for.
class MemberScope final : public Scope {
  public:
    MemberScope(const Member& member, const Aides& aides) : member_(member), aides_(aides) {}
    bool covers(pid_t child) const noexcept override;
    bool everything() const noexcept override { return member_.worker < 0 && aides_.none(); }

  private:
    const Member& member_;
    const Aides& aides_;
};

}  // namespace sigmund::guard
