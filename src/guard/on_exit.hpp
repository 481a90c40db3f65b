// SPDX-License-Identifier: Apache-2.0
// --on-exit: a command for the shell. It runs once the end of the run is written down and every client was
// told.
#pragma once
#include <functional>
#include <string>
#include <utility>

#include "guard/aide.hpp"
#include "run/record.hpp"

namespace sigmund::guard {

class OnExit {
  public:
    explicit OnExit(std::string command) : command_(std::move(command)) {}
    // Starts the command, once. `done` is called with its status when it has ended. Returns whether it was
    // started. `shape` is the plan of the run's command.
    bool start(const run::Record& record, const sys::SpawnPlan& shape, Aides& aides,
               std::function<void(const sys::ExitStatus&)> done);

  private:
    std::string command_;  // empty: there is nothing to run
};

}  // namespace sigmund::guard
