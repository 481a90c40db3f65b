// SPDX-License-Identifier: Apache-2.0
// The files for shells, embedded byte for byte from shell/ when sigmund is built.
#pragma once
#include <string>
#include <string_view>

#include "run/shell_kind.hpp"

namespace sigmund::cli {

using run::Shell;

// Throws run::Failure (usage) for a shell that is not supported.
Shell named_shell(const std::string& name);
std::string_view hook_text(Shell shell);  // what `shell-init` prints
// Identifies that text. The hook exports it, so that `doctor` sees a hook of another version.
std::string hook_hash(Shell shell);
std::string_view completion_text(Shell shell);  // what `completions` prints and an installation puts in place

}  // namespace sigmund::cli
