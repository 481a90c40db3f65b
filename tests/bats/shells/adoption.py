# SPDX-License-Identifier: Apache-2.0
"""Runs that a shell takes over with `sigmund adopt`."""
import os
import signal

from notices import plain
from shell import QUESTION
from store import alive, check, folders, marks, runs, sigmund, wait_for


def leave_two_orphans(Shell):
    """Kills a shell with the runs `web` and `api`, and returns their ids."""
    shell = Shell()
    ids = [shell.start("sleep 300", "--name " + name) for name in ("web", "api")]
    os.kill(shell.tty.pid, signal.SIGKILL)
    shell.tty.wait()
    return ids


def owner(run):
    return next(each["shell"] for each in runs() if each["id"] == run)


def adopt_orphans(Shell):
    """The first prompt names the orphans and the verb. After it the shell owns them as if it had started them."""
    web, api = leave_two_orphans(Shell)
    shell = Shell(hook=False)
    shell.tty.sendline(Shell.hook(Shell.kind))
    text = shell.expect_prompt() + shell.do("true")
    check("2 runs left by closed shells (web, api): sigmund list --orphaned, sigmund adopt web" in text, text)
    check(shell.count() == 0 and web not in shell.do("sigmund_jobs"))
    text = shell.do("sigmund adopt web api")
    check(f"adopted web ({web})" in text and f"adopted api ({api})" in text, text)
    check(shell.count() == 2, "the next prompt counts them")
    text = shell.do("sigmund_jobs")
    check(web in text and api in text, text)
    check(shell.status_of("sigmund adopt web") == 0 and shell.count() == 2, "again")
    check(folders() == [owner(web)], "the folder of the closed shell is gone", folders())
    sigmund("stop", api)
    wait_for("the mark of its end", lambda: "run." + api not in marks(owner(api)))
    text = plain(shell.do("true") + shell.do("true"))
    check(f"sigmund: api ({api}) " in text and "sigmund logs api" in text, text)
    check(shell.count() == 1)
    shell.leave()
    shell.tty.expect_exact("1 run started in this shell is still running:")
    shell.tty.expect_exact(QUESTION)
    check(web in shell.tty.before, shell.tty.before)
    shell.answer("s")
    shell.end()
    check(not alive(web) and not folders(), folders())


def left_again(Shell):
    """A run that is left behind a second time is reported a second time."""
    web, _ = leave_two_orphans(Shell)
    second = Shell()
    second.do("sigmund adopt web")
    os.kill(second.tty.pid, signal.SIGKILL)
    second.tty.wait()
    third = Shell(hook=False)
    third.tty.sendline(Shell.hook(Shell.kind))
    text = third.expect_prompt() + third.do("true")
    check("2 runs left by closed shells (web, api)" in text, text)
    check(third.status_of("sigmund adopt -q web api") == 0 and third.count() == 2)
    third.leave()
    third.answer("s")
    third.end()
    check(not alive(web) and not folders(), folders())


def adopted_during_question(Shell):
    """The answer to the question of a shell does not concern a run that another shell takes over meanwhile."""
    second = Shell()
    for key in "sk":
        first = Shell()
        taken, own = first.start(), first.start()
        first.leave()
        first.tty.expect_exact(QUESTION)
        check(second.status_of("sigmund adopt -q --force " + taken) == 0)
        first.answer(key)
        first.end()
        check(alive(taken) and alive(own) == (key == "k"))
        check(second.count() == 1 and owner(taken) is not None)
        sigmund("stop", "@all")
        wait_for("the mark of its end", lambda run=taken: "run." + run not in marks(owner(run)))
        second.do("true")
    second.leave()
    second.end()
    check(not folders(), folders())


def adopt_kept(Shell):
    """Runs without a shell, runs started with --keep and runs kept at an exit can be adopted."""
    first = Shell()
    kept = first.start()
    first.leave()
    first.answer("k")
    first.end()
    free = sigmund("-q", "sleep", "300").stdout.strip()
    shell = Shell()
    options = shell.start("sleep 300", "--keep")
    check(shell.count() == 0)
    text = shell.do(f"sigmund adopt {kept} {free} {options}")
    check(text.count("adopted ") == 3 and shell.count() == 3, text)
    shell.leave()
    shell.answer("s")
    shell.end()
    check(not alive(kept) and not alive(free) and not alive(options))


def adopt_from_open_shell(Shell):
    """A run of another open shell is refused, or taken away from it. It is never in two shells."""
    first = Shell()
    run = first.start("sleep 300", "--name web")
    second = Shell()
    text = second.do("sigmund adopt web")
    check(f"web ({run}): it belongs to another open shell, process {first.tty.pid}" in text, text)
    check("sigmund adopt --force web" in text, text)
    check(second.status_of("sigmund adopt -q web") == 2 and second.count() == 0 and first.count() == 1)
    second.do("sigmund adopt --force web")
    first.do("true")
    check(second.count() == 1 and first.count() == 0)
    check(run in second.do("sigmund_jobs") and run not in first.do("sigmund_jobs"))
    first.leave()
    text, _ = first.end()
    check(QUESTION not in text and alive(run), text)
    sigmund("stop", run)
    wait_for("the mark of its end", lambda: "run." + run not in marks(owner(run)))
    text = plain(second.do("true") + second.do("true"))
    check(f"web ({run})" in text, text)
    second.leave()
    second.end()
    check(not folders(), folders())


def adopt_without_hook(Shell):
    """A shell without the hook says what is missing."""
    run = sigmund("-q", "sleep", "300").stdout.strip()
    shell = Shell(hook=False)
    text = shell.do("sigmund adopt " + run)
    check("sigmund's hook" in text and "sigmund shell-init" in text, text)
    check(shell.status_of("sigmund adopt -q " + run) == 1)
    shell.leave()
    shell.end()
    check(owner(run) is None)
