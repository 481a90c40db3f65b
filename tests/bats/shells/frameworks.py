# SPDX-License-Identifier: Apache-2.0
"""The hook beside other programs that extend a shell: their lines stand before or after its line in the start file."""
import os
import re

from robust import COMPLAINT, ended
from shell import QUESTION
from store import alive, check, runs


def both_orders(Shell, lines, env=None):
    """Yields a shell with the lines before the hook, and another with the lines after it."""
    hook = Shell.hook(Shell.kind)
    yield "before the hook", Shell(start_file=lines + "\n" + hook, env=env)
    yield "after the hook", Shell(start_file=hook + "\n" + lines, env=env)


def beside(Shell, lines, works, env=None):
    """Checks all that the hook does, and that the other program still `works`. `lines` has the lines for each shell."""
    if Shell.kind not in lines:
        return
    for order, shell in both_orders(Shell, lines[Shell.kind], env):
        text = shell.startup + shell.do("true") + shell.do("true")
        check("sigmund" not in text and not COMPLAINT.search(text), order, text)
        run = shell.start("sleep 300", "--name web")
        shell.do("true")
        check(shell.count() == 1, order)
        text = shell.do("sigmund_jobs")
        check("web" in text and "running" in text and "lost" not in text, order, text)
        text = shell.do("sigmund list we\t")
        check(run in text, order, "TAB", text)
        check(shell.status_of("sh -c 'exit 7'") == 7, order)
        text = shell.do("sigmund -q --name short sh -c 'exit 5'")
        ended(runs("short")[0]["id"])
        text += shell.do("true") + shell.do("true")
        check(text.count("exited 5") == 1 and not COMPLAINT.search(text), order, text)
        works(shell, order)
        shell.leave("exit 3")
        shell.answer("s")
        text, status = shell.end()
        check(status == 3 and "stopped 1" in text and not alive(run), order, status, text)


def loads_envrc(shell, order):
    os.mkdir(shell.home + "/project")
    with open(shell.home + "/project/.envrc", "w", encoding="utf-8") as file:
        file.write("export FROM_ENVRC=yes\n")
    shell.do("direnv allow project/.envrc")
    shell.do("cd project")
    text = shell.do("echo GOT'='$FROM_ENVRC")
    check("GOT=yes" in text and shell.count() == 1, order, text)
    shell.do("cd ..")


def direnv(Shell):
    beside(Shell, {"bash": 'eval "$(direnv hook bash)"', "zsh": 'eval "$(direnv hook zsh)"',
                   "fish": "direnv hook fish | source"}, loads_envrc)


def records_folders(shell, order):
    os.mkdir(shell.home + "/visited")
    for line in ("cd visited", "true", "cd ..", "true"):
        shell.do(line)
    check(shell.status_of("zoxide query visited") == 0, order)


def zoxide(Shell):
    beside(Shell, {"bash": 'eval "$(zoxide init bash)"', "zsh": 'eval "$(zoxide init zsh)"',
                   "fish": "zoxide init fish | source"}, records_folders)


def searches_history(shell, order):
    shell.do("echo find''this")
    shell.tty.send("find\x12")
    shell.tty.expect(r"1/\d+")
    shell.tty.send("\r")
    shell.tty.expect_exact("\x1b[?1049l")  # its window is closed, and the line editor has the command
    shell.tty.send("\r")
    shell.tty.expect_exact("findthis")
    shell.expect_prompt()


def fzf(Shell):
    """The lines of fzf, whose window fills the screen here, as a smaller one asks the terminal for its place."""
    keys = "/usr/share/doc/fzf/examples/key-bindings."
    beside(Shell, {"bash": ". " + keys + "bash", "zsh": ". " + keys + "zsh", "fish": "fzf_key_bindings"},
           searches_history, {"FZF_CTRL_R_OPTS": "--no-height"})


def suggests(shell, order):
    shell.do("echo suggested_words")
    shell.tty.send("echo sugg")
    shell.tty.expect_exact("ested_words")
    shell.do("")


def zsh_autosuggestions(Shell):
    beside(Shell, {"zsh": ". /usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh"}, suggests)


def highlights(shell, order):
    shell.tty.send("nosuchcommand")
    shell.tty.expect(r"\x1b\[[0-9;]*31m")
    shell.do("\x15")


def zsh_syntax_highlighting(Shell):
    beside(Shell, {"zsh": ". /usr/share/zsh-syntax-highlighting/zsh-syntax-highlighting.zsh"}, highlights)


def completes(shell, order):
    check("aned" in shell.do("sigmund list --orph\t"), order)


def bash_completion(Shell):
    beside(Shell, {"bash": ". /usr/share/bash-completion/bash_completion"}, completes)


def debug_trap_that_marks(Shell):
    """bash: VS Code marks the first command after its own function with a DEBUG trap, and keeps only the first element
    of PROMPT_COMMAND. The hook must not be that command, with runs and without, even at an empty line."""
    if Shell.kind != "bash":
        return
    lines = """__vsc_armed=
trap '[[ -z $__vsc_armed ]] || { __vsc_armed=; [[ $BASH_COMMAND == __vsc_prompt* ]] || echo "MARK:$BASH_COMMAND"; }' DEBUG
__vsc_prompt_cmd_original() { local status=$?; (exit $status); eval "$__vsc_original_prompt_command"; __vsc_armed=1; }
__vsc_prompt_cmd() { __vsc_armed=1; }
__vsc_original_prompt_command=${PROMPT_COMMAND:-}
PROMPT_COMMAND=__vsc_prompt_cmd${PROMPT_COMMAND:+_original}"""
    for env in ({"TERM_PROGRAM": "vscode"}, {}):
        for order, shell in both_orders(Shell, lines, env):
            shell.do("true")  # without TERM_PROGRAM the hook sees only at the first prompt who calls it
            for action in (lambda: None, shell.start):
                action()
                shell.do("true")
                for line, count in (("true", 1), ("", 0), ("false", 1), ("", 0)):
                    text = shell.do(line)
                    check(text.count("MARK:") == count and text.count("MARK:" + line) == count, order, env, line, text)
            check("lost" not in shell.do("sigmund_jobs") and shell.count() == 1, order)
            shell.leave()
            shell.tty.expect_exact(QUESTION)
            shell.tty.send("s")
            shell.end()
