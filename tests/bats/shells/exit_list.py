# SPDX-License-Identifier: Apache-2.0
"""The list of the question at the exit, its window, and its end without an answer."""
import os
import signal
import time

from shell import QUESTION
from store import SLOWNESS, check, live, runs, sigmund, wait_for


def start_many(shell, count):
    shell.do("sh -c 'for i in " + " ".join(str(i) for i in range(1, count + 1)) + "; do sigmund -q -n r$i sleep 300; done'")
    check(len(live()) == count, live())


def choose_of_many(Shell):
    shell = Shell()
    start_many(shell, 12)
    shell.leave()
    shell.tty.expect_exact("  and 4 more")
    shell.answer("c")
    shell.tty.expect_exact("stop which?")
    for number in range(1, 13):
        check(f"{number:>4}) r{number} " in shell.tty.before, number, shell.tty.before)
    shell.tty.send("9 12\r")
    text, _ = shell.end()
    check("stopped 2" in text and "kept 10" in text, text)
    left = {run["name"] for run in live()}
    check(left == {f"r{i}" for i in range(1, 13)} - {"r9", "r12"}, left)


def choose_pages(Shell):
    shell = Shell()
    start_many(shell, 12)
    shell.tty.setwinsize(8, 100)
    shell.leave()
    shell.answer("c")
    shell.tty.expect_exact("runs 1 to 5 of 12")
    shell.tty.expect_exact("stop which?")
    check(" 5) r5 " in shell.tty.before and "r6" not in shell.tty.before, shell.tty.before)
    shell.tty.send("n")
    shell.tty.expect_exact("runs 6 to 10 of 12")
    shell.tty.send("1n")
    shell.tty.expect_exact("runs 11 to 12 of 12")
    shell.tty.expect_exact("stop which?")
    check("12) r12 " in shell.tty.before, shell.tty.before)
    shell.tty.send("1\r")  # the line is 11 by now
    text, _ = shell.end()
    check("stopped 1" in text and "kept 11" in text, text)
    check("r11" not in {run["name"] for run in live()}, live())


def resized(Shell):
    shell = Shell()
    run = shell.start("sh -c 'sleep 300; : " + "x" * 60 + "'")
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    check("x" * 30 in shell.tty.before, shell.tty.before)
    shell.tty.setwinsize(24, 40)
    shell.tty.expect_exact("1 run started in this shell is still running:")
    shell.tty.expect_exact("[s]top [k]eep [c]hoose (")
    rows = [row for row in shell.tty.before.split("\n") if run in row]
    check(len(rows) == 1 and len(rows[0].strip("\r")) < 40, rows)
    shell.tty.setwinsize(24, 100)
    shell.tty.expect_exact("1 run started in this shell is still running:")
    shell.answer("s")
    text, _ = shell.end()
    check("stopped 1" in text, text)


def keep_frozen(Shell):
    shell = Shell()
    start_many(shell, 8)
    guardians = [run["guardian"]["pid"] for run in runs()]
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    for pid in guardians:
        os.kill(pid, signal.SIGSTOP)
    try:
        shell.tty.send("k")
        begin = time.monotonic()
        text, _ = shell.end()
        check("kept 8" in text, text)
        # Each of them would be waited for two seconds.
        check(time.monotonic() - begin < len(guardians) * SLOWNESS, "it waited for frozen guardians")
    finally:
        for pid in guardians:
            os.kill(pid, signal.SIGCONT)
    wait_for("the runs to be kept", lambda: all(run["shell"] is None for run in runs()))
    check(len(live()) == 8)


def killed_shell(Shell):
    shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "100s"})
    shell.start_inner()
    inner = os.tcgetpgrp(shell.tty.child_fd)
    shell.tty.sendline(Shell.hook(Shell.kind, "\\command sigmund"))
    shell.tty.sendline("sigmund -q --name inner sleep 300")
    wait_for("the inner run", lambda: len(live()) == 1)
    shell.tty.sendline("exit")
    shell.tty.expect_exact(QUESTION)
    asking = children(inner)
    check(asking, "who asks?")
    os.kill(inner, signal.SIGKILL)
    wait_for("the question to end", lambda: not any(os.path.exists(f"/proc/{pid}") for pid in asking))
    shell.expect_prompt()
    check("ALIVE" in shell.do("echo ALI''VE"))
    check([run["name"] for run in runs("--orphaned")] == ["inner"], runs())
    sigmund("stop", "inner")
    shell.leave()
    shell.end()


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]
