// SPDX-License-Identifier: Apache-2.0
// `prompt`: prints code for the prompt of a shell that shows how many runs of that shell are live.
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "cli/shell_files.hpp"
#include "run/failure.hpp"

namespace sigmund::cli {

int cmd_prompt(const Args& args) {
    if (args.words.empty())
        throw run::Failure(run::Exit::usage, "usage", "prompt needs the name of a shell",
                           "bash, zsh, fish or starship");
    if (args.words[0] == "starship") {
        print(
            "# ~/.config/starship.toml\n[env_var.SIGMUND_RUNNING]\nformat = \"[$env_value running]($style) "
            "\"\n"
            "style = \"yellow\"\n");
        return 0;
    }
    switch (named_shell(args.words[0])) {
        case Shell::bash:
            print(
                "# ~/.bashrc, after shell-init: eval \"$(sigmund prompt bash)\"\n"
                "[[ $PS1 == *SIGMUND_RUNNING* ]] ||\n"
                "    PS1='${SIGMUND_RUNNING:+[$SIGMUND_RUNNING running] }'$PS1\n");
            break;
        case Shell::zsh:
            print(
                "# ~/.zshrc, after shell-init: eval \"$(sigmund prompt zsh)\"\n"
                "setopt prompt_subst\n"
                "[[ $PROMPT == *SIGMUND_RUNNING* ]] ||\n"
                "    PROMPT='${SIGMUND_RUNNING:+[$SIGMUND_RUNNING running] }'$PROMPT\n");
            break;
        case Shell::fish:
            print(
                "# ~/.config/fish/config.fish, after shell-init: sigmund prompt fish | source\n"
                "functions -q __sigmund_old_prompt; or functions -c fish_prompt __sigmund_old_prompt\n"
                "function fish_prompt\n"
                "    set -l old (__sigmund_old_prompt | string collect -N) # first: it may show the status\n"
                "    set -q SIGMUND_RUNNING; and printf '[%s running] ' $SIGMUND_RUNNING\n"
                "    printf %s $old\nend\n");
            break;
    }
    return 0;
}

}  // namespace sigmund::cli
