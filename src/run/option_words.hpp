// SPDX-License-Identifier: Apache-2.0
// What options are called in a sentence about a run that came from a template.
#pragma once
#include <string>
#include <string_view>

namespace sigmund::run {

// Returns the sentence with each launch option that it names as the key of a template: `--ready` as "ready" in backquotes,
// and a flag as it is set, such as `ready-shared = true` for `--ready-shared`. Other words that begin with dashes stay.
std::string options_as_keys(std::string_view text);

}  // namespace sigmund::run
