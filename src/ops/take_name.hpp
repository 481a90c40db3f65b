// SPDX-License-Identifier: Apache-2.0
// How a start gets its name: directly, or by ending the run that has it (--replace).
#pragma once
#include <optional>
#include <string>

#include "run/name_claim.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

// Takes a name that no run has. Throws Failure (1), which names the holder, if a run has it.
sys::Fd take_name(const run::View& view, const run::ScopedName& name, const std::string& id);

// With --replace: waits until it is this start's turn to replace the holder. Several starts take turns, and
// each replaces the one before it. Throws Failure (1) when the start whose turn it is does not finish.
run::NameClaim claim_name(const run::View& view, const run::ScopedName& name, const std::string& id);

// Returns the record of the run that has a name now; nothing when there is none.
std::optional<run::Record> holder_of(const run::View& view, const run::ScopedName& name);

// Returns whether the guardian of a run is stopped (SIGSTOP, a debugger). Then it cannot free what its run has.
bool guardian_frozen(const run::Record& record);

// Ends the holder, if there is one, and takes the name. Call claim_name() first. Throws Failure: 1 when the
// holder cannot be replaced (then nothing was done to it), 4 when it could not be ended.
sys::Fd replace_holder(const run::View& view, const run::ScopedName& name, const std::string& id);

}  // namespace sigmund::ops
