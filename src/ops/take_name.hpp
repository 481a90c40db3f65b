// SPDX-License-Identifier: Apache-2.0
// How a start gets its name: at once, or by ending the run that holds it (--replace).
#pragma once
#include <optional>
#include <string>

#include "run/name_claim.hpp"
#include "run/record.hpp"
#include "run/store.hpp"

namespace sigmund::ops {

// Throws Failure (1) naming the holder when the name is taken.
sys::Fd take_name(const run::Store& store, const std::string& name, const std::string& id);

// With --replace: waits for its turn to replace the holder. Several starts take turns; each then replaces the
// one before it. Throws Failure (1) when the start whose turn it is does not come to an end.
run::NameClaim claim_name(const run::Store& store, const std::string& name, const std::string& id);

// ask: the run that holds a name now, as recorded.
std::optional<run::Record> holder_of(const run::Store& store, const std::string& name);

// Ends the holder, if there is one, and takes the name. The caller has claimed it. Throws Failure: 1 when the
// holder cannot be replaced (then it has not been touched), 4 when it could not be ended.
sys::Fd replace_holder(const run::Store& store, const std::string& name, const std::string& id);

}  // namespace sigmund::ops
