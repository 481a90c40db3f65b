// SPDX-License-Identifier: Apache-2.0
// The course of one `up`: what is known of each task, and what is watched. These files work on it: up.cpp is the loop,
// up_watch.cpp waits for runs, up_begin.cpp starts runs or joins them, up_needs.cpp tells whether what a task depends on
// still stands and whether a step runs, up_restart.cpp stops runs that have changed.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/up.hpp"
#include "ops/up_look.hpp"
#include "run/project_gate.hpp"
#include "run/waiting_list.hpp"

namespace sigmund::ops {

bool settled(Phase phase);
bool satisfied(Phase phase);
bool lost(Phase phase);
// Returns whether a user has ended a run by `stop` or `kill`.
bool ended_by_user(const run::EndedBy& cause);

// What a run is watched for.
struct UpWatch {
    enum class Then : std::uint8_t { settle, start, start_unless_stopped };
    // Empty: the command is started again, and the run is looked at again and again.
    std::optional<EndWatch> end = {};
    run::Until until = run::Until::gone;
    Then then = Then::settle;   // once the run is gone that was being stopped: the task is started
    sys::Millis until_ms = -1;  // monotonic ms; without `end`: until when the run is looked at
};

struct UpItem {
    UpLook look;
    std::optional<UpWatch> watch;
};

// Who brings up, and since when.
struct UpSelf {
    std::string process;    // as PID.START
    sys::Millis began = 0;  // realtime ms; no `down` was at work any more
};

class UpCourse {
  public:
    UpCourse(const run::Store& store, UpRequest request, const UpObserver& observer);

    UpState& state(std::size_t i) { return out.states[i]; }
    const UpTask& task(std::size_t i) const { return request.tasks[i]; }
    const run::Store& store() const { return view.store(); }

    void change(std::size_t i, Phase phase, std::string detail = {});
    void fail(std::size_t i, const run::Failure& failure);
    // A user has stopped it from elsewhere, before it was started or since.
    void stop(std::size_t i);
    // Nothing more is started. What has been started is waited for no longer.
    void cancel(const std::string& why);
    // The project's `down` was called.
    void close();
    // Returns whether the user has interrupted, and cancels everything then.
    bool interrupted();
    // Stops each task that waits and was named by a stop.
    void heed_stops();

    void watch(std::size_t i, run::Until until);

    UpRequest request;
    const UpObserver& observer;
    run::ProjectGate gate;
    run::WaitingList waiting;
    const run::View view;
    UpSelf self;
    std::vector<UpItem> items;
    UpOutcome out;
};

// up_restart.cpp: stops the runs that have to be restarted, those that depend on others first.
void end_changed(UpCourse& course);

// up_begin.cpp: starts a task, or joins its run, under the gate.
void begin(UpCourse& course, std::size_t i);

// up_needs.cpp. Two of them change the phases of tasks for which something has to happen first.
// Returns whether all that a task depends on stands, over steps, too.
bool needs_stand(UpCourse& course, std::size_t i);
// Returns whether the command of a live run has ended and is to be started again, or is not ready again yet.
bool restarts(const run::Judged& run);
// Returns whether a step has to run now. Another `up` may have run it meanwhile.
bool step_runs(UpCourse& course, std::size_t i);
// Returns the live run of a task.
std::optional<run::Judged> run_of(const UpCourse& course, std::size_t i);

// up_watch.cpp: waits until something happens to one of the runs, or until the user interrupts.
void wait_for_change(UpCourse& course);

}  // namespace sigmund::ops
