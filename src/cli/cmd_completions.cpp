// SPDX-License-Identifier: Apache-2.0
// `completions`: the completion file of a shell.
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/shell_files.hpp"
#include "run/failure.hpp"

namespace sigmund::cli {

int cmd_completions(const Args& args) {
    if (args.words.empty())
        throw run::Failure(run::Exit::usage, "usage", "for which shell?", "bash, zsh or fish");
    print_data(std::string(completion_text(named_shell(args.words[0]))));
    return 0;
}

}  // namespace sigmund::cli
