// SPDX-License-Identifier: Apache-2.0
#include "run/shell_kind.hpp"

namespace sigmund::run {
namespace {

constexpr Shell shells[] = {Shell::bash, Shell::zsh, Shell::fish};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

const char* shell_name(Shell shell) {
    switch (shell) {
        case Shell::bash:
            return "bash";
        case Shell::zsh:
            return "zsh";
        case Shell::fish:
            return "fish";
    }
    return "";
}

std::optional<Shell> parse_shell(std::string_view name) {
    for (const Shell shell : shells)
        if (name == shell_name(shell)) return shell;
    return std::nullopt;
}

std::optional<Shell> shell_of_program(std::string_view program) {
    if (program.starts_with('-')) program.remove_prefix(1);
    if (program.starts_with("rbash") || program.starts_with("rzsh")) program.remove_prefix(1);
    for (const Shell shell : shells) {
        const std::string_view name = shell_name(shell);
        if (program.starts_with(name) && (program.size() == name.size() || !is_letter(program[name.size()])))
            return shell;
    }
    return std::nullopt;
}

}  // namespace sigmund::run
