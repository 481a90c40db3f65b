# SPDX-License-Identifier: Apache-2.0
"""What the hook costs and offers: it does not fork, and it has the completion and a place beside bash-preexec."""
import os
import re
import signal
import subprocess

from store import check, wait_for


def bash_preexec(Shell):
    """Where bash-preexec exists, its list is used and PROMPT_COMMAND is left alone."""
    if Shell.kind != "bash":
        return
    theirs = "for f in ${precmd_functions[@]}; do $f; done"
    shell = Shell(before="__bp_imported=defined; precmd_functions=(); PROMPT_COMMAND='" + theirs + "'")
    shell.start()
    shell.do("true")
    text = shell.do("echo N=$SIGMUND_RUNNING P=\"$PROMPT_COMMAND\"")
    check("N=1 P=" + theirs in text, text)
    shell.leave()
    shell.answer("s")
    shell.end()


def completion_by_hook(Shell):
    """With only the hook, TAB loads the completion."""
    shell = Shell(before=Shell.completion_setup)
    shell.do("true")
    for line, rest in (("sigmund list --orph", "aned"), ("sigmund tail --no-f", "ollow")):
        shell.tty.send(line + "\t")
        shell.tty.expect_exact(rest)
        shell.tty.send("; true\r")
        shell.expect_prompt()
    if Shell.kind == "bash":
        shell = Shell(after="complete -F __sigmund_completion sg")
        shell.tty.send("sg list --orph\t")
        shell.tty.expect_exact("aned")
        shell.tty.send("\x15\r")
        shell.expect_prompt()
    shell.leave()
    shell.end()


def sourced_file(Shell):
    """The hook works as a file that a start file reads, without starting sigmund."""
    file = os.path.join(os.path.dirname(__file__), "../../../shell", Shell.kind, "hook." + Shell.kind)
    shell = Shell(hook=False)
    shell.do("source " + file)
    shell.start()
    text = shell.do("sigmund_jobs; sigmund doctor")
    check("running" in text and "has loaded the shell hook" in text, text)
    shell.leave()
    shell.answer("s")
    shell.end()


def no_forks(Shell):
    """Ten prompts with two live runs do not fork (strace)."""
    shell = Shell()
    shell.start()
    shell.start()
    shell.do("true")
    out = shell.home + "/trace"
    tracer = subprocess.Popen(["strace", "-qq", "-f", "-e", "trace=?fork,?vfork,clone,clone3", "-o", out, "-p",
                               str(shell.tty.pid)], stderr=subprocess.DEVNULL)
    wait_for("strace", lambda: "TracerPid:\t0" not in open(f"/proc/{shell.tty.pid}/status").read())
    for _ in range(10):
        shell.do("")
    tracer.send_signal(signal.SIGINT)
    tracer.wait(timeout=100)
    text = open(out).read()
    check(not re.search(r"clone|fork", text), text)
    shell.leave()
    shell.answer("s")
    shell.end()
