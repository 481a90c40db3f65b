// SPDX-License-Identifier: Apache-2.0
// The keys of a keyboard by their names, and what a terminal sends for them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::run {

// Returns what a key sends: enter, tab, escape, space, backspace, delete, insert, up, down, left, right, home,
// end, page-up, page-down, f1 to f12, ctrl-a to ctrl-z, ctrl-space, ctrl-[ ctrl-\ ctrl-] ctrl-^ ctrl-_, and
// alt- before any of them or before a letter. `application` is the mode of the cursor keys that the program has
// chosen (DECCKM). Returns nothing for another name.
std::optional<std::string> key_bytes(std::string_view name, bool application = false);

}  // namespace sigmund::run
