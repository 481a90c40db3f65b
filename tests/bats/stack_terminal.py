# SPDX-License-Identifier: Apache-2.0
"""Runs `up` in a terminal of a given size, and checks how its lines are drawn.

usage: stack_terminal.py narrow|low|background
"""
import os
import re
import sys

import pexpect

sigmund = os.environ["SIGMUND"]
environment = {key: value for key, value in os.environ.items() if key not in ("CI", "GITHUB_ACTIONS")}
environment.update(TERM="xterm", PS1="$ ")
up_by = re.compile(r"\x1b\[(\d+)A")
sequence = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def go():
    open("go", "w", encoding="ascii").close()


def spawn(rows, columns, *command):
    return pexpect.spawn(*command, timeout=120 * int(os.environ.get("SIGMUND_SLOWNESS", "1")), env=environment, dimensions=(rows, columns), encoding="utf-8")


def narrow():
    columns = 40
    child = spawn(24, columns, sigmund, ["up"])
    child.expect("waiting for s")
    go()
    child.expect(pexpect.EOF)
    text = child.before
    lines = [sequence.sub("", line) for line in re.split(r"[\r\n]+", text)]
    table = [line for line in lines if line and not line.startswith("sigmund: ")]
    assert table, text
    assert all(len(line) <= columns for line in table), table
    assert any(line.endswith("\u2026") for line in table), table
    # Each picture begins as many lines up as the one before had.
    pictures = text.split("\x1b[J")
    for before, after in zip(pictures[1:], pictures[2:]):
        up = int(up_by.search(before[before.rindex("\n"):]).group(1))
        assert up == before[: before.rindex("\n") + 1].count("\n"), (before, after)


def low():
    child = spawn(3, 80, sigmund, ["up"])
    child.expect("s: starting")
    go()
    child.expect(pexpect.EOF)
    assert not up_by.search(child.before), child.before
    assert re.search(r"sigmund: a-very-long-name-1: started \(", child.before), child.before


def background():
    child = spawn(24, 80, "bash", ["--norc", "--noprofile", "-i"])
    child.expect(re.escape("$ "))
    child.sendline(f"'{sigmund}' up")
    child.expect("waiting for s")
    child.send("\x1a")
    child.expect("Stopped")
    child.expect(re.escape("$ "))
    child.sendline("echo between")
    child.expect("between\r\n")
    child.expect("between\r\n")
    child.sendline("fg")
    child.expect("up\r\n")
    go()
    child.expect(r"started \(")
    # What the shell has written since is not drawn over.
    first = child.before.split("\x1b[J")[0]
    assert not up_by.search(first.split("s ")[0]), child.before
    child.expect(re.escape("$ "))
    child.sendline("exit")
    child.expect(pexpect.EOF)


{"narrow": narrow, "low": low, "background": background}[sys.argv[1]]()
