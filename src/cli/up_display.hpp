// SPDX-License-Identifier: Apache-2.0
// The progress of `up`: one line for each template, drawn in place on a terminal that has room for them. Elsewhere, in
// the background, and in CI, a line is printed when something has happened.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ops/exit_screen.hpp"
#include "ops/up.hpp"

namespace sigmund::cli {

class UpDisplay {
  public:
    // Takes the name of each task, and how many of them are to be brought up. `quiet`: nothing is shown.
    UpDisplay(std::vector<std::string> names, std::size_t chosen, bool quiet);

    void show(std::size_t task, const ops::UpState& state);
    // Prints one sentence. It must not be called after show().
    void tell(const std::string& message) const;
    // Ends the lines that were drawn in place.
    void end();

  private:
    std::string list(std::size_t columns) const;
    bool may_draw() const;
    void draw();

    std::vector<std::string> names_;
    std::vector<std::string> texts_;  // of each task; empty: it is not shown
    std::size_t chosen_;
    bool quiet_;
    std::optional<ops::ExitScreen> screen_;  // on a terminal
    bool drawn_ = false;                     // the lines of the screen are directly above the cursor
};

// Returns a line of the progress, without its newline: at most `columns` wide, since a terminal would wrap a longer one.
std::string up_line(const std::string& name, const std::string& text, std::size_t widest,
                    std::size_t columns);

// Returns why a task has failed, without the name of its run, nor its id.
std::string why_failed(const ops::UpState& state);

// Returns what is said of a task: "ready in 1.2s (7f3c2a)".
std::string up_text(const ops::UpState& state);

}  // namespace sigmund::cli
