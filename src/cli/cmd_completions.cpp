// SPDX-License-Identifier: Apache-2.0
// `completions`: prints the completion file of a shell, and for these files the candidates at a cursor.
#include "cli/cmd.hpp"
#include "cli/complete_porcelain.hpp"
#include "cli/complete_store.hpp"
#include "cli/option_values.hpp"
#include "cli/output.hpp"
#include "cli/shell_files.hpp"
#include "run/failure.hpp"

namespace sigmund::cli {

int cmd_completions(const Args& args) {
    if (wants_porcelain(args)) {
        const auto at = number_option(args, "word", 0);
        if (!at)
            throw run::Failure(run::Exit::usage, "usage", "--porcelain needs --word N",
                               "sigmund completions --porcelain --word N -- WORDS...");
        const auto word = static_cast<std::size_t>(*at);
        print_data(
            porcelain_candidates(complete(args.words, word, StoreSource(project_on_line(args.words, word)))));
        return 0;
    }
    if (args.words.empty())
        throw run::Failure(run::Exit::usage, "usage", "completions needs the name of a shell",
                           "bash, zsh or fish");
    print_data(std::string(completion_text(named_shell(args.words[0]))));
    return 0;
}

}  // namespace sigmund::cli
