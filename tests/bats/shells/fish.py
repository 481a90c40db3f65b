# SPDX-License-Identifier: Apache-2.0
"""The differences between fish and the other shells."""
from shell import PROMPT, SPELT_PROMPT, Shell


class Fish(Shell):
    kind = "fish"
    words = ["--no-config", "-i"]
    status = "$status"
    running = "(set -q SIGMUND_RUNNING; and echo $SIGMUND_RUNNING; or echo 0)"
    setup = "function fish_prompt; printf '%s' '" + SPELT_PROMPT + "'; end; function fish_greeting; end"
    setup_with_editor = setup
    subshells = ["fish --no-config -c exit", "echo (true)", "bash -c 'exit 0'", "true | true"]
    hostile_setups = ["set -g IFS x", "alias command false", "function sigmund; command sigmund $argv; end",
                      "set -g fish_history ''"]
    escape_word = "(printf '\\e]0;owned\\a')"
    completion_setup = ""

    @classmethod
    def hook(cls, name="", program="sigmund"):
        """Returns the line that loads the hook. fish has no other way to tell which shell asks."""
        return "sigmund shell-init fish | source"

    @staticmethod
    def start_file(home):
        """Returns the path of a start file, and the options and the environment with which it is read."""
        return home + "/.config/fish/config.fish", ["-i"], {"XDG_CONFIG_HOME": home + "/.config"}

    @staticmethod
    def pane(home):
        """Returns the command of a tmux pane with a hooked shell. `home` is not needed, as fish takes the line
        itself."""
        return "fish --no-config -i -C \"sigmund shell-init fish | source\""

    def show_status_in_prompt(self):
        """Puts the status of the last command and sigmund's segment into the prompt. Returns the texts for 0 and 1
        and for the status of a pipe."""
        prompt = PROMPT[:4] + "''" + PROMPT[4:]
        self.do("function fish_prompt; printf '<%s|%s>%s' $status \"$pipestatus\" '" + prompt + "'; end")
        self.do("sigmund prompt fish | source")
        self.do("sigmund prompt fish | source")  # as when the start file is read again
        return "<0|0>", "<1|1>", "<1|0 1>"
