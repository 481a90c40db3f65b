// SPDX-License-Identifier: Apache-2.0
// How a start gets its name: at once, or by ending the run that holds it (--replace).
#pragma once
#include <optional>
#include <string>

#include "run/name_claim.hpp"
#include "run/view.hpp"

namespace sigmund::ops {

// Takes a name that no run has. Throws Failure (1), which names the holder, when one has it.
sys::Fd take_name(const run::View& view, const std::string& name, const std::string& id);

// With --replace: waits for the turn of this start to replace the holder. Several starts take turns, and each
// replaces the one before it. Throws Failure (1) when the start whose turn it is does not come to an end.
run::NameClaim claim_name(const run::View& view, const std::string& name, const std::string& id);

// The record of the run that holds a name now; nothing when there is none.
std::optional<run::Record> holder_of(const run::View& view, const std::string& name);

// Ends the holder, if there is one, and takes the name. The caller has claimed it. Throws Failure: 1 when the
// holder cannot be replaced (then it has not been touched), 4 when it could not be ended.
sys::Fd replace_holder(const run::View& view, const std::string& name, const std::string& id);

}  // namespace sigmund::ops
