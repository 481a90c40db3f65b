// SPDX-License-Identifier: Apache-2.0
// Brings runs up in the order of their dependencies. A run is started as soon as all that it depends on is ready;
// those that do not depend on each other start at the same time.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ops/wait.hpp"
#include "run/port_lock.hpp"
#include "run/scoped_name.hpp"
#include "run/spec.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

struct UpStart {
    run::Spec spec;
    run::PortLock port_lock = {};  // of an automatic port
};

// What is asked of a template only when it is needed, since it may reserve ports. Both may throw run::Failure.
struct UpSource {
    // Returns what the template states, as in run::FromTemplate. Empty: it is not compared with that of the run that
    // lives.
    std::function<std::string()> stated;
    // Called when it is started. Its `from` is that of the task, with what the template states.
    std::function<UpStart()> begin;
};

struct UpTask {
    std::string name;                  // of the run
    std::vector<std::string> tags;     // of the run
    run::FromTemplate from;            // without what the template states
    std::vector<std::size_t> depends;  // the numbers of other tasks
    bool chosen = false;               // it is to be brought up
    bool named = false;                // a step that is named runs in any case
    bool renewed = false;              // a run that lives is stopped, and then started again
    UpSource source;
};

enum class Phase : std::uint8_t {
    unused,       // it is not brought up
    waiting,      // for what it depends on
    starting,     // it has been started and is not ready yet, or it is a step that has not ended yet
    ready,        // it was started, and is ready
    running,      // it ran already
    done,         // a step that has ended with status 0
    done_before,  // a step that need not run, since it has ended with status 0 before
    failed,
    skipped,    // what it depends on has failed
    cancelled,  // it was not started any more, or was stopped from elsewhere
};

struct UpState {
    Phase phase = Phase::unused;
    std::string detail;    // for people: what it waits for, why it failed, when it was done
    run::Record record;    // of the run, once there is one
    bool started = false;  // by this call
    sys::Millis took = 0;  // ms, from the start until it was ready or done
    std::optional<run::Failure> failure;
    std::optional<WaitOutcome> outcome;  // of a run that has ended instead of being ready
    int exit = 0;                        // of a failure or a stop: the exit status
};

struct UpRequest {
    std::vector<UpTask> tasks;  // each after those that it depends on
    std::string project;        // whose runs these are
    bool in_project = false;    // as in run::Spec
    bool keep_changed = false;  // a run whose template has changed stays as it is
    bool abort = false;         // when one fails, nothing more is started
    bool other_name = false;    // the named task has a name of this call: runs with another name do not count
    int interrupt = -1;         // a descriptor: when it is readable, nothing more is started or waited for
};

// What UpState::detail is for a task that was stopped from elsewhere, before or after it was started.
inline constexpr const char* stopped_detail = "stopped";
inline bool was_stopped(const UpState& state) {
    return state.phase == Phase::cancelled && state.detail == stopped_detail;
}

// Is told each change. A message is one sentence about a run that is changed or stopped.
struct UpObserver {
    std::function<void(std::size_t task, const UpState& state)> changed;
    std::function<void(const std::string& message)> message;
};

struct UpOutcome {
    std::vector<UpState> states;  // of the tasks
    bool interrupted = false;
    bool closed = false;  // `down` was called meanwhile
};

// What would be done, without doing it.
struct UpLook {
    enum class Act : std::uint8_t { none, start, restart, keep, run_step, skip_step };
    Act act = Act::none;
    std::vector<std::string>
        differences;      // between the run that lives, or the step that was done, and the template
    std::string because;  // for a restart: the run that is restarted before
    std::optional<run::Judged> live;
    std::optional<run::Record> last;  // of a step: the newest run that is over
};

// Returns for each task what bring_up() would do now. Tasks that are not chosen may become so: those that live and
// depend on one that is restarted.
std::vector<UpLook> look_at(const run::View& view, UpRequest& request);

UpOutcome bring_up(const run::Store& store, UpRequest request, const UpObserver& observer);

// Returns the live run with this name, or nothing.
std::optional<run::Judged> live_run(const run::Store& store, const run::ScopedName& name);

}  // namespace sigmund::ops
