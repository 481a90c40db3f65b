// SPDX-License-Identifier: Apache-2.0
// A source of events for the guardian's loop: descriptors and a deadline. A feature of the guardian is a
// source or a row of the machine, never a branch in the loop.
#pragma once
#include <poll.h>

#include <span>
#include <string>
#include <vector>

#include "guard/facts.hpp"
#include "guard/machine.hpp"
#include "run/record.hpp"
#include "run/store.hpp"
#include "sys/spawn.hpp"

namespace sigmund::guard {

class Aides;

// A log file, and the offset at which the present life begins, in bytes.
struct LogStart {
    std::string path;
    std::int64_t from = 0;
};

// What a source may ask from the guardian.
class Host {
  public:
    virtual ~Host() = default;
    // Sends an event to every member of the run. It is handled before the loop sleeps again.
    virtual void post(const Event& event) = 0;
    // Reports what the source has found out, for the record and for clients that follow the run.
    virtual void tell(const Fact& fact) = 0;
    // Returns the visible state of the run. Only tell() changes it.
    virtual const run::Record& record() const = 0;
    virtual Aides& aides() = 0;
    // Returns the plan of the command, from which checks and probes take their environment and their output.
    virtual const sys::SpawnPlan& command() const = 0;
    // Sets a variable in the environment of the next start.
    virtual void set_variable(const std::string& name, const std::string& value) = 0;
    // Sends a signal to the process group of every member that runs.
    virtual void signal_run(int signal) = 0;
    // Writes a line of sigmund's own into the run's log.
    virtual void note(const std::string& line) = 0;
    // Returns every file to which the command's output goes.
    virtual std::vector<LogStart> logs() const = 0;
    virtual const run::Store& store() const = 0;
};

class Source {
  public:
    virtual ~Source() = default;
    // Appends the descriptors to poll. fire() gets the same number of entries.
    virtual void watch(std::vector<pollfd>& set) const { (void)set; }
    // Returns when fire() is due whatever the descriptors say (monotonic ms), or -1 for never.
    virtual Millis deadline() const { return -1; }
    // Called when a descriptor is ready or the deadline has come.
    virtual void fire(std::span<const pollfd> polled, Millis now, Host& host) = 0;
    // life_began() is called when the command runs, life_ended() when the life has ended or is being ended.
    virtual void life_began(Millis now, Host& host) { (void)now, (void)host; }
    virtual void life_ended(Host& host) { (void)host; }
};

}  // namespace sigmund::guard
