// SPDX-License-Identifier: Apache-2.0
// What a run, or one of its lives, has used, as sentences for people. A part that is not known is left out, and
// without any the text is empty.
#pragma once
#include <string>

#include "ops/usage.hpp"
#include "run/record.hpp"

namespace sigmund::ops {

// Returns how long the run took, once it has ended.
std::optional<sys::Millis> duration_of(const run::Record& record);

// Returns "12.3s of CPU time (user 11s, system 1.3s), at most 45 MB of memory in one process, 1m02s long".
std::string used_text(const run::Record& record);
// Returns "it ran 1m02s, used 12.3s of CPU time and at most 45 MB of memory in one process".
std::string used_sentence(const run::Record& record);
// Returns "43 MB of memory, at most 45 MB in one process", of what a live run uses now. `of` follows the first size.
std::string memory_text(const Usage& usage, const std::string& of = " of memory");
// Returns "ran 1m02s, 12.3s of CPU time, at most 45 MB" for a life.
std::string used_in_short(const run::Life& life);

}  // namespace sigmund::ops
