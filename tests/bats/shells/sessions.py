# SPDX-License-Identifier: Apache-2.0
"""The shell to which a run belongs when shells start each other."""
import os
import subprocess
import time

from shell import PACE, QUESTION
from store import alive, check, live, wait_for


def quiet_elsewhere(Shell):
    """Subshells, pipelines, scripts and nested shells without the hook do not ask."""
    shell = Shell()
    run = shell.start()
    for line in Shell.subshells:
        text = shell.do(line)
        check(QUESTION not in text, line, text)
    shell.start_inner()
    shell.tty.sendline("exit")
    text = shell.expect_prompt()
    check(QUESTION not in text, "a nested shell without the hook", text)
    shell.leave()
    shell.answer("k")
    shell.end()
    check(alive(run))


def nested(Shell):
    """A nested shell with the hook asks only about its own runs, and does not take its parent's away."""
    shell = Shell()
    mine = shell.start()
    shell.start_inner()
    shell.tty.sendline(Shell.hook())
    shell.tty.sendline("sigmund -q --name inner sleep 300")
    wait_for("the inner run", lambda: len(live()) == 2)
    shell.tty.sendline("exit")
    shell.tty.expect_exact("1 run started in this shell is still running:")
    shell.tty.expect_exact(QUESTION)
    check("inner" in shell.tty.before, shell.tty.before)
    shell.tty.send("s")
    shell.expect_prompt()
    check({run["id"] for run in live()} == {mine}, live())
    shell.leave()
    shell.answer("s")
    shell.end()
    check(not live())


def replaced(Shell):
    """The exec of another shell keeps the session."""
    shell = Shell()
    run = shell.start()
    shell.become_inner()
    shell.tty.sendline(Shell.hook())
    shell.tty.sendline("exit")
    shell.answer("s")
    shell.end()
    check(not alive(run))


def double_eval(Shell):
    shell = Shell()
    shell.do(Shell.hook())
    run = shell.start()
    shell.leave()
    shell.answer("s")
    text, _ = shell.end()
    check("started in this shell" not in text and not alive(run), text)


def tmux_panes(Shell):
    """A tmux server carries the environment of the shell that started it into every pane, but not its runs."""
    shell = Shell()
    own = shell.start()
    pane = Shell.pane(shell.home)
    tmux = ["tmux", "-f", "/dev/null"]

    def in_tmux(*words):
        return subprocess.run([*tmux, *words], capture_output=True, text=True, check=False, timeout=100,
                              env={"PATH": os.environ["PATH"], "TERM": "xterm", "TMUX_TMPDIR": shell.home}).stdout

    try:
        shell.do(" ".join(tmux) + " new-session -d -x 100 -y 30 '" + pane + "' ';' set remain-on-exit on")
        in_tmux("send-keys", "sigmund -q -n pane sleep 300", "Enter")
        wait_for("the pane's run", lambda: any(run["name"] == "pane" for run in live()))
        now = live()
        shells = {run["id"]: run["shell"] for run in now}
        inner = next(run["id"] for run in now if run["name"] == "pane")
        check(shells[own] and shells[inner] and shells[own] != shells[inner], shells)
        in_tmux("send-keys", "exit", "Enter")
        wait_for("the pane's question", lambda: QUESTION in in_tmux("capture-pane", "-p"))
        text = in_tmux("capture-pane", "-p")
        check("1 run started in this shell" in text and "pane" in text and own not in text, text)
        time.sleep(PACE)
        in_tmux("send-keys", "s")
        wait_for("the pane's run to end", lambda: {run["id"] for run in live()} == {own})
    finally:
        in_tmux("kill-server")
    shell.leave()
    shell.tty.expect_exact("1 run started in this shell")
    shell.answer("s")
    shell.end()
    check(not live())
