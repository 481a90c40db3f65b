# SPDX-License-Identifier: Apache-2.0
"""The question at the exit of a shell: its answers, and input that is not an answer."""
import re
import time

from shell import QUESTION
from store import alive, check, folders, live, runs, sigmund, wait_for


def answer_keep(Shell):
    for key in ("k", "\r", "\x1b", "\x03"):
        shell = Shell()
        run = shell.start()
        shell.leave("exit 3")
        shell.tty.expect_exact("1 run started in this shell is still running:")
        shell.answer(key)
        text, status = shell.end()
        check("kept 1; see: sigmund list" in text, key, text)
        check(status == 3, key, status)
        check(alive(run), key)
        check([r["shell"] for r in runs(run)] == [None], "an explicit keep clears the owner", runs(run))
        sigmund("stop", run)


def answer_stop(Shell):
    shell = Shell()
    one, two = shell.start(), shell.start("sh -c 'sleep 301; :'", "--name web")
    kept = shell.start("sleep 302", "--keep")
    shell.leave("exit 4")
    shell.tty.expect_exact("2 runs started in this shell are still running:")
    text = shell.tty.before
    shell.tty.expect_exact(QUESTION)
    rows = shell.tty.before
    check(kept not in rows + text, rows)
    check(rows.index("1) ") < rows.index("2) "), rows)
    check(re.search(r"web +" + two, rows), rows)
    shell.tty.send("s")
    text, status = shell.end()
    check("stopped 2" in text, text)
    check(status == 4, status)
    check(not alive(one) and not alive(two) and alive(kept))
    wait_for("the folder to go", lambda: not folders())


def answer_stop_slow(Shell):
    """A stop that takes its time says how to continue without waiting."""
    shell = Shell()
    run = shell.start("sh -c 'trap : TERM; echo up; while :; do sleep 0.1; done'", "--ready log:up")
    shell.leave()
    shell.answer("s")
    shell.tty.expect_exact("stopping 1 run... (Ctrl-C: continue in the background)")
    shell.tty.send("\x03")
    text, _ = shell.end()
    check("still stopping in the background" in text, text)
    wait_for("its end", lambda: not alive(run))


def answer_choose(Shell):
    shell = Shell()
    ids = [shell.start(), shell.start(), shell.start()]
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("c")
    shell.tty.expect_exact("stop which?")
    shell.tty.send("9\r")
    shell.tty.expect_exact("please type numbers from 1 to 3")
    shell.tty.send("x\x7f1 3\r")
    text, _ = shell.end()
    check("stopped 2" in text and "kept 1" in text, text)
    check({run["id"] for run in live()} == {ids[1]}, live())


def answer_narrow(Shell):
    """In a narrow window the menu, which is drawn again each second, stays in its line."""
    shell = Shell()
    run = shell.start()
    shell.tty.setwinsize(24, 38)
    shell.leave()
    shell.tty.expect_exact("[s]top [k]eep [c]hoose (15s)")
    shell.tty.expect_exact("[s]top [k]eep [c]hoose (14s)")
    check("in 1" not in shell.tty.before, shell.tty.before)
    shell.tty.send("s")
    text, _ = shell.end()
    check("stopped 1" in text and not alive(run), text)


def answer_sequence(Shell):
    """Text that an arrow key or the terminal sends after an Esc in one piece is neither an Esc nor an answer."""
    shell = Shell()
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    for keys in ("\x1b[A", "\x1bOC", "\x1b[1;5C", "\x1b[I", "\x1b[<0;5;5M", "\x1b[M s!", "\x1b[[C", "\x1bs"):
        shell.send_apart(keys)
    check(alive(run))
    shell.tty.send("c")
    shell.tty.expect_exact("stop which?")
    shell.send_apart("\x1b[C")
    shell.tty.send("1\r")
    text, _ = shell.end()
    check("stopped 1" in text and "kept" not in text and not alive(run), text)


def answer_time_out(Shell):
    shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "1s"})
    run = shell.start()
    shell.leave("exit 5")
    shell.tty.expect_exact("(keep in 1s)")
    text, status = shell.end()
    check("kept 1" in text and status == 5, text, status)
    check(alive(run) and runs("--orphaned")[0]["id"] == run, "a time-out leaves the owner")


def end_of_file(Shell):
    """Ctrl-D ends a shell, and a second one leaves its runs as orphans, which the next shell names."""
    shell = Shell()
    run = shell.start()
    shell.tty.send("\x04")
    shell.answer("\x04")
    text, _ = shell.end()
    check("kept 1" in text and alive(run), text)
    check([r["id"] for r in runs("--orphaned")] == [run], runs(run))
    other = Shell(hook=False)
    text = other.do(Shell.hook(Shell.kind)) + other.do("true")
    check("1 run left by closed shells (" + run + ")" in text, text)
    other.leave()
    other.end()


def type_ahead(Shell):
    shell = Shell(env={"SIGMUND_EXIT_TIMEOUT": "60s"})
    run = shell.start()
    shell.tty.send("sleep 0.3; exit\rssss")  # typed before the question was asked
    shell.tty.expect_exact(QUESTION)
    time.sleep(0.3)  # an answer would stop it within this time
    check(alive(run), "type-ahead answered")
    shell.send_apart("\x1a")  # Ctrl-Z is not an answer
    shell.tty.send("k")
    text, _ = shell.end()
    check("kept 1" in text and alive(run), text)


def hang_up(Shell):
    shell = Shell()
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.close(force=True)  # the terminal goes away in the middle of the question
    wait_for("an orphan", lambda: [r["id"] for r in runs("--orphaned")] == [run])
    second = Shell()
    second.leave()
    text, _ = second.end()
    check(alive(run))


def policies(Shell):
    for policy, left in (("stop", 0), ("keep", 1)):
        shell = Shell(env={"SIGMUND_ON_EXIT": policy})
        run = shell.start()
        shell.leave("exit 6")
        text, status = shell.end()
        check(QUESTION not in text and status == 6, policy, text, status)
        check(len(live()) == left, policy, live())
        sigmund("stop", run)


def stopped_jobs(Shell):
    """An exit that the shell refuses because a job is stopped does not ask, and the next one does."""
    shell = Shell()
    run = shell.start()
    shell.tty.sendline("sleep 77")
    wait_for("the job", lambda: shell.runs_job("sleep"))
    shell.tty.send("\x1a")
    shell.expect_prompt()
    text = shell.do("exit")
    check(QUESTION not in text, text)
    shell.leave()
    shell.answer("s")
    shell.end()
    check(not alive(run))
