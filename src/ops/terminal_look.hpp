// SPDX-License-Identifier: Apache-2.0
// What a guardian knows of the terminal of its run (--tty): what the program does with it, and who is attached.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "run/protocol.hpp"
#include "run/view.hpp"
#include "sys/clock.hpp"
#include "sys/terminal.hpp"

namespace sigmund::ops {

struct TerminalLook {
    struct Viewer {
        sys::TerminalSize size;
        run::Access access = run::Access::type;
        sys::Millis idle = 0;  // how long nobody has typed there
        bool owner = false;    // the terminal of the run has its size
    };
    sys::TerminalSize size;
    // Of a pool, what one of its workers does that is not busy.
    run::TerminalUse use = run::TerminalUse::busy;
    std::vector<Viewer> viewers;
};

// Adds one line of a guardian's answer. There is a look once a line tells of a terminal; the others follow that one.
void take_line(std::optional<TerminalLook>& look, const run::Answer& line);

// Asks the guardians. A frozen one costs at most a short time, and several together no more than one.
class TerminalLooks {
  public:
    explicit TerminalLooks(const run::Store& store) : store_(store) {}
    // Returns nothing when the run has no terminal, does not live, or its guardian does not answer.
    std::optional<TerminalLook> of(const run::Judged& run);

  private:
    const run::Store& store_;
    sys::Millis patience_ = 500;  // what is left of it
};

// Returns "waits for input" when somebody should type and nobody is attached, "stopped by Ctrl-S", or nothing.
std::string need_of(const TerminalLook& look);
// Returns the same in at most 10 columns: "waits" or "Ctrl-S".
std::string need_in_short(const TerminalLook& look);
// Returns the state of the run as a table has it, with what is needed: "running, unhealthy, waits for input". Where the run
// is well, the need alone. The need is empty where there is none.
std::string state_with_need(const std::string& state, const std::string& need);
// Returns "120x40", and then who is attached, for people.
std::string describe(const TerminalLook& look);

}  // namespace sigmund::ops
