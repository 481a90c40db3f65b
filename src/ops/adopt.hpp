// SPDX-License-Identifier: Apache-2.0
// Takes a live run into a shell: from then on the shell lists and counts it, tells when it ends, and asks about it
// at exit. The run must belong to no open shell: its shell has closed, it was kept, or it was started without one.
#pragma once
#include <string>

#include "run/failure.hpp"
#include "run/outcome.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

struct Adoption {
    run::Record record;
    run::Outcome outcome = run::Outcome::done;  // done, not_running, refused or failed
    std::string why = {};                       // empty when the run was adopted and nothing needs to be said
    std::string hint = {};
    run::Exit exit = run::Exit::done;
    bool already = false;  // done: the run belonged to this shell before
    bool owned = false;    // refused: another open shell owns the run, and `force` would take it over
};

// Gives the run to `shell`. `force` also takes it away from another open shell. When two shells want it at the same
// time, one of them gets it and the other is refused. A guardian that does not answer within seconds is not waited
// for; then the run stays where it is.
Adoption adopt(const run::View& view, run::Judged run, const std::string& shell, bool force);

// Returns whether an open shell owns the run: it would ask about the run at its exit.
bool has_open_shell(const run::Record& record);

}  // namespace sigmund::ops
