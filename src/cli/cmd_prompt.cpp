// SPDX-License-Identifier: Apache-2.0
// `prompt`: prints code or settings for a prompt that shows how many runs of the shell are live. The hook keeps the
// number in SIGMUND_RUNNING, so that no segment starts a process.
#include "cli/cmd.hpp"
#include "cli/output.hpp"
#include "run/failure.hpp"

namespace sigmund::cli {
namespace {

struct Segment {
    std::string_view prompt;  // a shell, or a program that prints prompts
    std::string_view text;
};

constexpr Segment segments[] = {
    {"bash", R"~(# ~/.bashrc, after shell-init: eval "$(sigmund prompt bash)"
[[ $PS1 == *SIGMUND_RUNNING* ]] ||
    PS1='${SIGMUND_RUNNING:+[$SIGMUND_RUNNING running] }'$PS1
)~"},
    {"zsh", R"~(# ~/.zshrc, after shell-init: eval "$(sigmund prompt zsh)"
setopt prompt_subst
[[ $PROMPT == *SIGMUND_RUNNING* ]] ||
    PROMPT='${SIGMUND_RUNNING:+[$SIGMUND_RUNNING running] }'$PROMPT
)~"},
    {"fish", R"~(# ~/.config/fish/config.fish, after shell-init: sigmund prompt fish | source
functions -q __sigmund_old_prompt; or functions -c fish_prompt __sigmund_old_prompt
function fish_prompt
    set -l old (__sigmund_old_prompt | string collect -N) # first: it may show the status
    set -q SIGMUND_RUNNING; and printf '[%s running] ' $SIGMUND_RUNNING
    printf %s $old
end
)~"},
    {"starship", R"~(# ~/.config/starship.toml
[env_var.SIGMUND_RUNNING]
format = "[$env_value running]($style) "
style = "yellow"
)~"},
    // With -e and -c the words are evaluated each time the prompt is drawn, also where powerlevel10k keeps it.
    {"powerlevel10k", R"~(# ~/.zshrc, after shell-init and ~/.p10k.zsh: eval "$(sigmund prompt powerlevel10k)"
function prompt_sigmund() {
    p10k segment -f yellow -e -c '$SIGMUND_RUNNING' -t '[$SIGMUND_RUNNING running]'
}
if (( ! ${+POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS} )); then
    POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=(status root_indicator background_jobs history time)
fi
if (( ! ${POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS[(Ie)sigmund]} )); then
    POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=(sigmund $POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS)
    (( ! ${+functions[p10k]} )) || p10k reload
fi
)~"},
    {"oh-my-posh", R"~({
  "type": "text",
  "style": "plain",
  "foreground": "yellow",
  "template": "{{ if .Env.SIGMUND_RUNNING }}[{{ .Env.SIGMUND_RUNNING }} running] {{ end }}"
}
)~"},
};

constexpr const char* known = "bash, zsh, fish, starship, powerlevel10k or oh-my-posh";

}  // namespace

int cmd_prompt(const Args& args) {
    if (args.words.empty())
        throw run::Failure(run::Exit::usage, "usage",
                           "prompt needs the name of a shell or of a prompt program", known);
    for (const Segment& segment : segments)
        if (segment.prompt == args.words[0]) {
            print(segment.text);
            return 0;
        }
    throw run::Failure(run::Exit::usage, "usage", "no prompt segment is known for " + args.words[0], known);
}

}  // namespace sigmund::cli
