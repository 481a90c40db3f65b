// SPDX-License-Identifier: Apache-2.0
// The shell kit's files, embedded byte for byte from shell/ at build time.
#pragma once
#include <optional>
#include <string_view>

namespace sigmund::cli {

enum class Shell : unsigned char { bash, zsh, fish };

std::optional<Shell> parse_shell(std::string_view name);
std::string_view hook_text(Shell shell);        // what `shell-init` prints
std::string_view completion_text(Shell shell);  // what `completions` prints, and the install puts in place

}  // namespace sigmund::cli
