# SPDX-License-Identifier: Apache-2.0
"""Names, options, traps and prompt commands that a hook must survive and must not break."""
import os
import subprocess

import pexpect

from shell import QUESTION
from store import SIGMUND, alive, check


def hostile_names(Shell):
    shell = Shell()
    flag = shell.home + "/executed"
    words = ["$(touch " + flag + ")", "`touch " + flag + "`", "a\nb", "\x1b]0;owned\x07", "--all", "'; touch " + flag + "; '"]
    subprocess.run([SIGMUND, "-q", "--", "sh", "-c", "sleep 300; :", *words], check=True, capture_output=True,
                   env=dict(os.environ, SIGMUND_SHELL_ID=""))
    shell.tty.sendline("sigmund -q -- sh -c 'sleep 300; :' '$(touch " + flag + ")' '`touch " + flag + "`' " +
                       Shell.escape_word)
    shell.expect_prompt()
    text = shell.do("sigmund_jobs") + shell.do("sigmund list")
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    text += shell.tty.before
    shell.tty.send("s")
    text += shell.end()[0]
    check("\x1b]0;owned" not in text, "an escape reached the terminal", text)
    check(not os.path.exists(flag), "executed")


def hostile_options(Shell):
    for setup in Shell.hostile_setups:
        shell = Shell(before=setup)
        run = shell.start("sleep 300")
        shell.leave("exit 2")
        try:
            shell.tty.expect_exact(QUESTION)
        except pexpect.ExceptionPexpect as error:
            raise AssertionError("not asked with: " + setup + "\n" + str(shell.tty.before)) from error
        before = shell.tty.before
        shell.tty.send("s")
        text, status = shell.end()
        text = before + text
        check(not alive(run) and status == 2, setup, text, status)
        if "mine" in setup:
            check("mine" in text, setup, text)


def harmless(Shell):
    """The hook at the prompt triggers no ERR trap, ends no `set -e`, and leaves both statuses to what comes after it."""
    if Shell.kind == "fish":
        return
    # Its text must not be taken for a part of the prompt that the shell echoes.
    shell = Shell(before="trap 'echo TRA''PPED' " + Shell.err_trap)
    for line in ("false", "false", "sh -c 'exit 3'"):
        text = shell.do(line)
        check(text.count("TRAPPED") == 1, "a failed command is told of once", line, text)
    shell.do("trap - " + Shell.err_trap)
    shell.do(Shell.err_exit)
    check(shell.status_of("false && true") == 1, "the shell is there, and the status")
    shell.start()
    shell.do("trap 'echo mi''ne $?' EXIT")
    shell.leave("exit 3")
    shell.tty.expect_exact(QUESTION)
    before = shell.tty.before  # zsh's own trap comes before its hooks
    shell.tty.send("s")
    text, status = shell.end()
    check("mine 3" in before + text and status == 3, before + text, status)
    if Shell.kind == "zsh":
        shell = Shell(after="precmd_functions+=(mine); mine() { seen=\"$? $pipestatus\" }")
    else:
        shell = Shell(before="export PROMPT_COMMAND='seen=\"$? ${PIPESTATUS[*]}\"'")
    shell.do("false | true | sh -c 'exit 4'")
    text = shell.do("echo \"SEEN=$seen\"")
    old = Shell.kind == "bash" and version_of_bash() < (5, 1)  # PROMPT_COMMAND is one string there
    check("SEEN=4 1 0 4" in text or old and "SEEN=4 " in text, text)
    if Shell.kind == "bash":
        text = shell.do("bash --norc --noprofile -ic true 2>&1; bash --norc --noprofile -c 'echo \"EXPORTED=$PROMPT_COMMAND.\"'")
        check("__sigmund" not in text, "a shell without the hook would call it", text)
    shell.leave()
    shell.end()


def version_of_bash():
    out = subprocess.run(["bash", "-c", "echo $((BASH_VERSINFO[0])) $((BASH_VERSINFO[1]))"], capture_output=True, text=True,
                         check=True, timeout=100)
    return tuple(int(word) for word in out.stdout.split())


def traps_after(Shell):
    """bash: a trap that is set after the hook, at the prompt or by a sourced script, is kept and does not replace
    ours."""
    if Shell.kind != "bash":
        return
    for line in ("trap 'echo mine' EXIT", "trap - EXIT", "trap \"echo 'mine too'\" EXIT"):
        shell = Shell()
        run = shell.start()
        shell.do(line)
        shell.leave("exit 9")
        shell.tty.expect_exact(QUESTION)
        shell.tty.send("s")
        text, status = shell.end()
        check(not alive(run) and status == 9, line, text, status)
        if "mine" in line:
            check("mine" in text, line, text)
