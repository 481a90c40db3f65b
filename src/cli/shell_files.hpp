// SPDX-License-Identifier: Apache-2.0
// The shell kit's files, embedded byte for byte from shell/ at build time.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sigmund::cli {

enum class Shell : unsigned char { bash, zsh, fish };

// Nothing when there is no kit for a shell of that name.
std::optional<Shell> parse_shell(std::string_view name);
// The same, but throws run::Failure (usage).
Shell named_shell(const std::string& name);
std::string_view hook_text(Shell shell);        // what `shell-init` prints
std::string_view completion_text(Shell shell);  // what `completions` prints, and the install puts in place

}  // namespace sigmund::cli
