// SPDX-License-Identifier: Apache-2.0
// Stops runs while their shell exits, in processes that a closing terminal cannot interrupt.
#pragma once
#include <string>
#include <vector>

#include "run/view.hpp"

namespace sigmund::cli {

// Runs that are in one store.
struct RunsInStore {
    const run::View* view;
    std::vector<run::Judged> runs;
};

// Stops all of them at the same time, and prints the progress to `terminal`; -1 means that there is none. It
// returns when they have ended, and earlier after Ctrl-C or 60 s; then the stopping continues. `list` is the
// command that shows what is left.
void stop_at_exit(const std::vector<RunsInStore>& parts, int terminal, const std::string& list);

}  // namespace sigmund::cli
