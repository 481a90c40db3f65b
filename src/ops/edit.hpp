// SPDX-License-Identifier: Apache-2.0
// Changing a field of a run: through its guardian while that lives, else in the record, under its lock.
#pragma once
#include <string>

#include "run/store.hpp"

namespace sigmund::ops {

// `field`: name, tags, keep or shell, with the value the control socket wants; `change` does the same to a
// record. Throws run::Failure: name taken, gone, not writable.
void edit(const run::Store& store, const run::Record& record, const std::string& field,
          const std::string& value, void (*change)(run::Record&, const std::string&));

}  // namespace sigmund::ops
