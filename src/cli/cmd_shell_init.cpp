// SPDX-License-Identifier: Apache-2.0
// `shell-init`: prints the hook for a shell to evaluate. The text is static, so that a shell may cache it, except
// for its first lines. They tell the hook the path of this program, which need not be in PATH, and a hash of the
// text, by which `doctor` recognises a hook of another version.
#include <limits.h>
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/shell_files.hpp"
#include "run/failure.hpp"
#include "sys/procfs.hpp"
#include "sys/terminal.hpp"

namespace sigmund::cli {
namespace {

// Returns the shell to use when none is named: the parent of this process, which evaluates its output.
Shell parent_shell() {
    const auto stat = sys::Procfs().stat(::getppid());
    if (stat)
        if (const auto shell = run::shell_of_program(stat->comm)) return *shell;
    throw run::Failure(run::Exit::usage, "usage", "cannot determine which shell this is",
                       "sigmund shell-init bash|zsh|fish");
}

std::string assignment(Shell shell, std::string_view name, std::string_view value) {
    return (shell == Shell::fish ? "set -g " + std::string(name) + " '" : std::string(name) + "='") +
           std::string(value) + "'\n";
}

// Returns the line that sets __sigmund_path. It is empty when the path is unknown, or has characters that the
// three shells quote in different ways: then the hook searches PATH.
std::string path_line(Shell shell) {
    char buffer[PATH_MAX];
    const ssize_t n = ::readlink("/proc/self/exe", buffer, sizeof buffer);
    const std::string_view path(buffer, n > 0 ? static_cast<std::size_t>(n) : 0);
    if (path.empty() || path.size() == sizeof buffer) return {};
    for (const char c : path)
        if (c == '\'' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {};
    return assignment(shell, "__sigmund_path", path);
}

}  // namespace

int cmd_shell_init(const Args& args) {
    const Shell shell = args.words.empty() ? parent_shell() : named_shell(args.words[0]);
    print_data(path_line(shell) + assignment(shell, "__sigmund_hash", hook_hash(shell)) +
               std::string(hook_text(shell)));
    if (sys::is_terminal(STDOUT_FILENO))
        say(shell == Shell::fish
                ? "this text is for fish to read: sigmund shell-init fish | source, in "
                  "~/.config/fish/config.fish"
                : "this text is for your shell to read: eval \"$(sigmund shell-init)\", in ~/." +
                      std::string(shell == Shell::zsh ? "zshrc" : "bashrc"));
    return 0;
}

}  // namespace sigmund::cli
