// SPDX-License-Identifier: Apache-2.0
#include "cli/shell_files.hpp"

#include <charconv>

#include "run/failure.hpp"
#include "text/hash.hpp"

// SIGMUND_SHELL_DIR is shell/ in the source tree. CMake rebuilds this file when one of these files changes.
#define EMBED(symbol, file)                                                                             \
    asm(".pushsection .rodata\n" #symbol "_begin: .incbin \"" SIGMUND_SHELL_DIR "/" file "\"\n" #symbol \
        "_end: .byte 0\n.popsection\n");                                                                \
    extern "C" const char symbol##_begin[], symbol##_end[]

EMBED(sigmund_bash_hook, "bash/hook.bash");
EMBED(sigmund_bash_completion, "bash/sigmund.bash");
EMBED(sigmund_zsh_hook, "zsh/hook.zsh");
EMBED(sigmund_zsh_completion, "zsh/_sigmund");
EMBED(sigmund_fish_hook, "fish/hook.fish");
EMBED(sigmund_fish_completion, "fish/sigmund.fish");

namespace sigmund::cli {
namespace {

std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

Shell named_shell(const std::string& name) {
    if (const auto shell = run::parse_shell(name)) return *shell;
    throw run::Failure(run::Exit::usage, "usage", "unsupported shell " + name, "bash, zsh or fish");
}

std::string_view hook_text(Shell shell) {
    switch (shell) {
        case Shell::bash:
            return between(sigmund_bash_hook_begin, sigmund_bash_hook_end);
        case Shell::zsh:
            return between(sigmund_zsh_hook_begin, sigmund_zsh_hook_end);
        case Shell::fish:
            return between(sigmund_fish_hook_begin, sigmund_fish_hook_end);
    }
    return {};
}

std::string hook_hash(Shell shell) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, text::hash(hook_text(shell)), 16).ptr;
    return {digits, end};
}

std::string_view completion_text(Shell shell) {
    switch (shell) {
        case Shell::bash:
            return between(sigmund_bash_completion_begin, sigmund_bash_completion_end);
        case Shell::zsh:
            return between(sigmund_zsh_completion_begin, sigmund_zsh_completion_end);
        case Shell::fish:
            return between(sigmund_fish_completion_begin, sigmund_fish_completion_end);
    }
    return {};
}

}  // namespace sigmund::cli
