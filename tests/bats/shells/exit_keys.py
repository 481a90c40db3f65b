# SPDX-License-Identifier: Apache-2.0
"""Keys at the question that were not meant as an answer."""
import functools
import time

from shell import PACE, QUESTION
from store import alive, check, live, runs, sigmund, wait_for


class OutOfPace(Exception):
    """The machine was so busy that the keys did not come as they should have."""


def at_pace(scenario):
    """Plays the scenario again when the keys were out of pace: single keys with long pauses are answers."""
    @functools.wraps(scenario)
    def play(Shell):
        for _ in range(20):
            try:
                return scenario(Shell)
            except OutOfPace:
                sigmund("kill", "-q", "@all")
        raise AssertionError("the machine is too busy to type on")
    return play


def type_on(shell, text, pace):
    before = time.monotonic()
    for key in text:
        shell.tty.send_at_once(key)
        now = time.monotonic()
        if now - before > 0.25:  # a pause of 300 ms makes the next key an answer
            raise OutOfPace
        before = now
        time.sleep(pace)


@at_pace
def typing_on(Shell):
    """After the exit of an inner shell, the next command is typed for the outer one, and lands in the question."""
    for wait in (0, 0.3, PACE):
        shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "100s"})
        shell.start_inner()
        shell.tty.sendline(Shell.hook(Shell.kind, "\\command sigmund"))
        shell.tty.sendline("sigmund -q --name inner sleep 300")
        wait_for("the inner run", lambda: len(live()) == 1)
        shell.tty.sendline("exit")
        shell.tty.expect_exact(QUESTION)
        time.sleep(wait)
        type_on(shell, "git status\r", 0.1)
        time.sleep(PACE)
        check(len(live()) == 1, "typing on has stopped the run", wait)
        shell.tty.send("s")
        shell.tty.expect_exact("stopped 1")
        shell.expect_prompt()
        check(not live())
        shell.leave()
        shell.end()


@at_pace
def pasted(Shell):
    shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "100s"})
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    time.sleep(PACE)
    for keys, pace in (("git status\rsudo ls\r", 0), ("s\r", 0), ("kk", 0), ("s" * 40, 0.03), ("\r" * 20, 0.03),
                       ("\x04" * 20, 0.03), ("\x1b[200~s\r\x1b[201~", 0), ("\x1b[200~k", 0), ("s\x1b[201~", 0)):
        type_on(shell, keys, pace)
        time.sleep(0.4)
        check(alive(run) and not shell.ended() and runs(run)[0]["shell"], "answered", keys)
    shell.tty.send("s")
    text, _ = shell.end()
    check("stopped 1" in text and not alive(run), text)


@at_pace
def choose_typing_on(Shell):
    shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "3s"})
    run = shell.start()
    shell.leave()
    shell.answer("c")
    shell.tty.expect_exact("stop which?")
    time.sleep(PACE)
    type_on(shell, "apt install 1\r", 0.1)
    shell.tty.send_at_once("\x15")
    time.sleep(0.4)
    shell.tty.send_at_once("1\r")  # the Enter of a paste does not answer either
    text, _ = shell.end()
    check("kept 1" in text and alive(run), text)
    wait_for("a keep", lambda: runs(run)[0]["shell"] is None)


def time_restarts(Shell):
    """A key that has no meaning starts the time again. What the terminal itself sends does not."""
    shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "4s"})
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact("(keep in 2s)")
    shell.send_apart("x")
    shell.tty.expect_exact("(keep in 4s)")
    shell.tty.expect_exact("(keep in 2s)")
    shell.send_apart("\x1b[I\x1b[<35;10;10M")
    text, _ = shell.end()
    check("(keep in 4s)" not in text and "kept 1" in text and alive(run), text)


def hold(shell, key, delay):
    """Holds a key down: it comes once, and after the delay of the keyboard again and again."""
    before = time.monotonic()
    shell.tty.send_at_once(key)
    time.sleep(delay)
    shell.tty.send_at_once(key)
    if time.monotonic() - before > delay + 0.1:
        raise OutOfPace
    type_on(shell, key * 20, 0.03)


@at_pace
def held_key(Shell):
    """A key that is held down stops nothing, however long the keyboard waits before it repeats it."""
    shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "100s"})
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    for delay in (0.25, 0.4, 0.5):
        time.sleep(PACE)
        hold(shell, "s", delay)
        shell.tty.expect_exact("stopped nothing, since another key followed")
        shell.tty.expect_exact(QUESTION)
        time.sleep(PACE)
        check(alive(run) and not shell.ended(), "a held key has answered", delay)
    shell.tty.send("c")
    shell.tty.expect_exact("stop which?")
    shell.tty.send("1")
    time.sleep(PACE)
    hold(shell, "\r", 0.4)
    shell.tty.expect_exact("stopped nothing")
    shell.tty.expect_exact("stop which?")
    time.sleep(PACE)
    check(alive(run) and not shell.ended(), "a held Enter has answered")
    shell.tty.send("\r")  # the choice is still there
    text, _ = shell.end()
    check("stopped 1" in text and not alive(run), text)


@at_pace
def stop_taken_back(Shell):
    """Any key takes a stop back before it begins, also Esc and Ctrl-C, but not what the terminal itself sends."""
    shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "100s"})
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    for key in ("\x1b", "\x03", "t", "\r"):
        time.sleep(PACE)
        shell.tty.send_at_once("s")
        before = time.monotonic()
        shell.tty.expect_exact("stopping 1 run...")
        shell.tty.send_at_once(key)
        if time.monotonic() - before > 0.4:
            raise OutOfPace
        shell.tty.expect_exact("stopped nothing, since another key followed")
        shell.tty.expect_exact(QUESTION)
        check(alive(run) and not shell.ended(), key)
    time.sleep(PACE)
    shell.tty.send_at_once("s")
    shell.tty.expect_exact("stopping 1 run...")
    shell.tty.send_at_once("\x1b[I\x1b[<35;10;10M")
    text, _ = shell.end()
    check("stopped 1" in text and not alive(run), text)
