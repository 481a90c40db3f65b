// SPDX-License-Identifier: Apache-2.0
// The files for shells, embedded byte for byte from shell/ when sigmund is built.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::cli {

enum class Shell : unsigned char { bash, zsh, fish };

// Returns nothing for a shell that is not supported.
std::optional<Shell> parse_shell(std::string_view name);
// The same, but throws run::Failure (usage) for a shell that is not supported.
Shell named_shell(const std::string& name);
std::string_view hook_text(Shell shell);        // what `shell-init` prints
std::string_view completion_text(Shell shell);  // what `completions` prints and an installation puts in place

}  // namespace sigmund::cli
