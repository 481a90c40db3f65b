// SPDX-License-Identifier: Apache-2.0
// What a shell evaluates: its hook and its completions. The text is static, so that a shell may cache it.
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/shell_files.hpp"
#include "run/failure.hpp"
#include "sys/procfs.hpp"
#include "text/escape.hpp"

namespace sigmund::cli {
namespace {

Shell named_shell(const std::string& word) {
    if (const auto shell = parse_shell(word)) return *shell;
    throw run::Failure(run::Exit::usage, "usage", "no kit for the shell " + text::escape_for_display(word),
                       "bash, zsh or fish");
}

// Without a word: the shell that evaluates us, which is our parent.
Shell parent_shell() {
    const auto stat = sys::Procfs().stat(::getppid());
    if (stat)
        if (const auto shell = parse_shell(stat->comm)) return *shell;
    throw run::Failure(run::Exit::usage, "usage", "cannot tell which shell this is", "sigmund shell-init bash|zsh|fish");
}

}  // namespace

int cmd_shell_init(const Args& args) {
    print(std::string(hook_text(args.words.empty() ? parent_shell() : named_shell(args.words[0]))));
    return 0;
}

int cmd_completions(const Args& args) {
    if (args.words.empty()) throw run::Failure(run::Exit::usage, "usage", "for which shell?", "bash, zsh or fish");
    print(std::string(completion_text(named_shell(args.words[0]))));
    return 0;
}

}  // namespace sigmund::cli
