// SPDX-License-Identifier: Apache-2.0
// The rooms of a guardian around one run in a scratch store. This process plays the guardian. Where the
// guardian would end, a counter is increased instead.
#pragma once
#include <sys/prctl.h>

#include "../scratch.hpp"
#include "guard/desk.hpp"
#include "sys/unix_socket.hpp"

namespace sigmund::test {

using namespace sigmund::guard;

inline std::unique_ptr<sys::SpawnPlan> shell_command(const std::string& script) {
    return std::make_unique<sys::SpawnPlan>(std::vector<std::string>{"/bin/sh", "-c", script},
                                            std::vector<std::string>{"PATH=/usr/bin:/bin"}, "/usr/bin:/bin");
}

struct Options {
    std::string script = "sleep 1000";
    int workers = 0;
    Policy policy = {};
    std::string pid_file = {};
};

// Makes this process a subreaper, as a guardian is: orphans become its children, and no process outlives the
// test.
struct Subreaper {
    Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
    ~Subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0); }
};

class Rooms final : public Keeper::Listener, public Desk::Loop {
  public:
    explicit Rooms(const Options& options = {})
        : store(run::Store::create(scratch.at("store"))),
          reserved(store.reserve(true)),
          lives(options.workers, options.policy, SIGTERM),
          keeper(first_record(options), files(), log(), lives, *this),
          starter(start_plan(options), lives, keeper, aides),
          reaper(lives, keeper, aides),
          desk(store.listen(id()), {}, lives, keeper, reaper, starter, *this) {
        keeper.remember_socket();
    }
    ~Rooms() override { end_children(); }

    const std::string& id() const { return reserved.id; }
    run::Record written(run::Depth depth = run::Depth::full) const {
        run::Record out;
        CHECK(store.read(id(), depth, out) == run::Read::ok);
        return out;
    }

    void record_shown() override { ++shown; }
    void run_over() override { ++over; }
    guard::OpenInput* input() override { return nullptr; }
    guard::Console* console() override { return nullptr; }
    void process_events() override {
        while (lives.pending())
            for (const auto& due : lives.step(sys::monotonic_ms(), [](bool) {})) {
                const bool alive = due.member->state.phase != Phase::ended;
                if ((due.orders & order_terminate) && alive) reaper.terminate(*due.member);
                if ((due.orders & order_kill) && alive) reaper.kill(*due.member);
                sys::Input input;
                if (due.orders & order_start) starter.start_again(*due.member, input);
                if (due.orders & (order_save | order_finish)) keeper.save_soon();
            }
        if (!keeper.over() && lives.over() && reaper.all_gone()) keeper.finish();
        if (keeper.over()) return desk.answer_waiting();
        keeper.save_if_due();
        desk.answer_waiting();
    }
    // Handles one turn of the control socket.
    void hear() {
        for (int i = 0; i < 2; ++i) {
            std::vector<pollfd> set;
            desk.control().watch(set);
            ::poll(set.data(), set.size(), 0);
            desk.control().fire(set, sys::monotonic_ms());
            desk.control().let_in(set[0].revents != 0, sys::monotonic_ms());
        }
    }
    // Reaps and handles events until `test` returns true. Gives up after ten seconds.
    template <typename Test>
    bool until(Test test) {
        for (const Millis end = sys::monotonic_ms() + 10'000; sys::monotonic_ms() < end; ::usleep(2'000)) {
            reaper.reap();
            lives.post_due(sys::monotonic_ms());
            process_events();
            if (test()) return true;
        }
        return false;
    }

    Subreaper subreaper;
    Scratch scratch;
    run::Store store;
    run::Reservation reserved;
    int shown = 0, over = 0;
    Lives lives;
    Aides aides;
    Keeper keeper;
    Starter starter;
    Reaper reaper;
    Desk desk;

  private:
    run::Record first_record(const Options& options) const {
        run::Record record;
        record.id = reserved.id;
        record.pid = 1;
        record.argv = {"sh", "-c", options.script};
        record.cwd = scratch.path();
        record.log = store.log_path(reserved.id);
        record.workers_wanted = options.workers;
        record.guardian_pid = ::getpid();
        return record;
    }
    RunFiles files() {
        return {run::Store::open(store.path()), reserved.id, std::move(reserved.lock), sys::Fd()};
    }
    LogPlan log() {
        LogPlan plan;
        plan.log = std::move(reserved.log);
        return plan;
    }
    StartPlan start_plan(const Options& options) {
        StartPlan plan;
        plan.commands.push_back(shell_command(options.script));
        plan.pid_file = PidFile(options.pid_file);
        return plan;
    }
};

}  // namespace sigmund::test
