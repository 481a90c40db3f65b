// SPDX-License-Identifier: Apache-2.0
// `shell-init`: prints the hook for a shell to evaluate. The text is static, so that a shell may cache it.
#include <unistd.h>

#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/shell_files.hpp"
#include "run/failure.hpp"
#include "sys/procfs.hpp"

namespace sigmund::cli {
namespace {

// Returns the shell to use when none is named: the parent of this process, which evaluates its output.
Shell parent_shell() {
    const auto stat = sys::Procfs().stat(::getppid());
    if (stat)
        if (const auto shell = parse_shell(stat->comm)) return *shell;
    throw run::Failure(run::Exit::usage, "usage", "cannot determine which shell this is",
                       "sigmund shell-init bash|zsh|fish");
}

}  // namespace

int cmd_shell_init(const Args& args) {
    print_data(std::string(hook_text(args.words.empty() ? parent_shell() : named_shell(args.words[0]))));
    return 0;
}

}  // namespace sigmund::cli
