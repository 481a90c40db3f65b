# SPDX-License-Identifier: Apache-2.0
"""The differences between bash and the other shells."""
import os

from shell import SPELT_PROMPT, Shell


class Bash(Shell):
    kind = "bash"
    words = ["--norc", "--noprofile", "-i"]
    setup = "bind 'set enable-bracketed-paste off'; PS1='" + SPELT_PROMPT + "'"
    setup_with_editor = setup
    subshells = ["(exit 0)", "echo $(exit 0)", "true | (exit 0)", "{ exit 0; } | cat", "bash -c 'exit 0'",
                 "cat <(exit 0)", "(exit 0) & wait", "bash --norc -c 'exit 0'"]
    hostile_setups = [
        "set -eu; true", "set -o noclobber", "IFS=x", "set -f", "shopt -s failglob", "shopt -s nullglob",
        "set -o posix", "alias command=false local=false cd=false; shopt -s expand_aliases",
        "sigmund() { command sigmund \"$@\"; }", "PROMPT_COMMAND='true'", "PROMPT_COMMAND=(true 'x=1')",
        "readonly PROMPT_COMMAND=true", "trap 'echo mine' EXIT"]
    escape_word = "\"$(printf '\\033]0;owned\\007')\""
    err_trap = "ERR"
    err_exit = "set -e"
    completion_setup = ""

    @staticmethod
    def start_file(home):
        """Returns the path of a start file, and the options and the environment with which it is read."""
        return home + "/rc", ["--noprofile", "--rcfile", home + "/rc", "-i"], {}

    @staticmethod
    def pane(home):
        """Returns the command of a tmux pane with a hooked shell."""
        with open(os.path.join(home, "rc"), "w", encoding="utf-8") as file:
            file.write('eval "$(sigmund shell-init bash)"\n')
        return "bash --noprofile --rcfile " + home + "/rc -i"

    def show_status_in_prompt(self):
        """Puts the status of the last command and sigmund's segment into the prompt. Returns the texts for 0 and 1
        and for the status of a pipe."""
        self.do("PS1='<$?>'$PS1; eval \"$(sigmund prompt bash)\"")
        self.do("eval \"$(sigmund prompt bash)\"")  # as when the start file is read again
        return "<0>", "<1>", "<1>"
