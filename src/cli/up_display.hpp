// SPDX-License-Identifier: Apache-2.0
// The progress of `up`: one line for each template, drawn in place on a terminal. Elsewhere, and in CI, a line is
// printed when something has happened.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/exit_screen.hpp"
#include "ops/up.hpp"

namespace sigmund::cli {

class UpDisplay {
  public:
    // Takes the name of each task. `quiet`: nothing is shown.
    UpDisplay(std::vector<std::string> names, bool quiet);

    void show(std::size_t task, const ops::UpState& state);
    // Prints one sentence. It must not be called after show().
    void tell(const std::string& message) const;
    // Ends the lines that were drawn in place.
    void end();

  private:
    std::string list() const;

    std::vector<std::string> names_;
    std::vector<std::string> texts_;  // of each task; empty: it is not shown
    bool quiet_;
    std::optional<ops::ExitScreen> screen_;  // on a terminal
    bool drawn_ = false;
};

// Returns what is said of a task: "ready in 1.2s (7f3c2a)".
std::string up_text(const ops::UpState& state);

}  // namespace sigmund::cli
