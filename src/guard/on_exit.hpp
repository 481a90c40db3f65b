// SPDX-License-Identifier: Apache-2.0
// --on-exit: a command for the shell, run once the end of the run is written down and told to everybody.
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
    // Starts it, once; `done` is called with its status when it has ended. Returns whether it was started.
    // `shape` is the plan of the run's command.
    bool start(const run::Record& record, const sys::SpawnPlan& shape, Aides& aides,
               std::function<void(const sys::ExitStatus&)> done);

  private:
    std::string command_;  // empty: nothing is to be run
};

}  // namespace sigmund::guard
