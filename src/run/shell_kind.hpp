// SPDX-License-Identifier: Apache-2.0
// The shells that have a hook and a completion, by their names.
#pragma once
#include <optional>
#include <string_view>

namespace sigmund::run {

enum class Shell : unsigned char { bash, zsh, fish };

const char* shell_name(Shell shell);
// Returns nothing for any other name.
std::optional<Shell> parse_shell(std::string_view name);
// Reads the name of a program: that of a login shell (-zsh), of a restricted shell (rbash), of one version
// (bash-5.3, zsh5), or of a file that is deleted. Returns nothing for other programs.
std::optional<Shell> shell_of_program(std::string_view program);

}  // namespace sigmund::run
