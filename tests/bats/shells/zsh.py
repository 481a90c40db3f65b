# SPDX-License-Identifier: Apache-2.0
"""The differences between zsh and the other shells."""
import os

from shell import SPELT_PROMPT, Shell


class Zsh(Shell):
    kind = "zsh"
    words = ["-f", "-i"]
    setup = "unsetopt zle prompt_sp prompt_cr; PS1='" + SPELT_PROMPT + "'"
    setup_with_editor = "unsetopt prompt_sp; PS1='" + SPELT_PROMPT + "'; autoload -Uz compinit; compinit -u -D"
    subshells = ["(exit 0)", "echo $(exit 0)", "true | (exit 0)", "{ exit 0; } | cat", "zsh -c 'exit 0'",
                 "cat <(exit 0)", "(exit 0) & wait", "bash --norc -c 'exit 0'"]
    hostile_setups = [
        "setopt err_return no_unset", "setopt no_clobber", "IFS=x", "setopt ksh_arrays", "setopt sh_word_split",
        "setopt no_glob", "setopt glob_subst ksh_glob", "alias command=false local=false",
        "sigmund() { command sigmund \"$@\" }", "precmd() { true }", "trap 'echo mine' EXIT"]
    escape_word = "\"$(printf '\\033]0;owned\\007')\""
    err_trap = "ZERR"
    err_exit = "setopt err_exit"
    completion_setup = "setopt zle; autoload -Uz compinit; compinit -u -D"

    @staticmethod
    def start_file(home):
        """Returns the path of a start file, and the options and the environment with which it is read."""
        return home + "/.zshrc", ["-d", "-i"], {"ZDOTDIR": home}

    @staticmethod
    def pane(home):
        """Returns the command of a tmux pane with a hooked shell."""
        with open(os.path.join(home, ".zshrc"), "w", encoding="utf-8") as file:
            file.write('eval "$(sigmund shell-init zsh)"\n')
        return "env ZDOTDIR=" + home + " zsh -d -i"

    def show_status_in_prompt(self):
        """Puts the status of the last command and sigmund's segment into the prompt. Returns the texts for 0 and 1
        and for the status of a pipe."""
        self.do("setopt prompt_subst; true")
        self.do("PS1='<$?>'$PS1; eval \"$(sigmund prompt zsh)\"")
        self.do("eval \"$(sigmund prompt zsh)\"")  # as when the start file is read again
        return "<0>", "<1>", "<1>"
