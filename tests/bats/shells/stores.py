# SPDX-License-Identifier: Apache-2.0
"""A shell whose runs are in several stores, since SIGMUND_STATE_DIR is another one in some folders."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from notices import plain
from robust import COMPLAINT
from shell import QUESTION
from store import Held, SIGMUND, SLOWNESS, STORE, check, live, marks, runs, sigmund, wait_for


def remove(folder):
    """A guardian that ends may remove its files at the same time."""
    while os.path.exists(folder):
        shutil.rmtree(folder, ignore_errors=True)


def in_store(store, *words):
    """Calls sigmund in that store, from outside of the shell."""
    return subprocess.run([SIGMUND, *words], capture_output=True, text=True, check=False, timeout=200 * SLOWNESS,
                          env=dict(os.environ, SIGMUND_STATE_DIR=store))


def listed(store):
    return json.loads(in_store(store, "list", "--json").stdout)["data"]


def names(store):
    """Returns the names of the live runs in a store."""
    return {run["name"] for run in listed(store) if run["state"] in ("running", "starting")}


def quoted(text):
    return "'" + text + "'"


def move(shell, store):
    """Sets the store as direnv does between two prompts; None unsets the variable."""
    if shell.kind == "fish":
        shell.do("set -e SIGMUND_STATE_DIR" if store is None else "set -gx SIGMUND_STATE_DIR " + quoted(store))
    else:
        shell.do("unset SIGMUND_STATE_DIR" if store is None else "export SIGMUND_STATE_DIR=" + quoted(store))


def two_stores(shell, other):
    """Starts a run in the store of the tests and one in another store, and moves to the first store again."""
    shell.do("sigmund -q -n here sleep 300")
    move(shell, other)
    shell.do("sigmund -q -n there sleep 300")
    move(shell, STORE)


def links(store=STORE):
    """Returns the links in the folders of all shells."""
    folder = os.path.join(store, "shells")
    return [name for shell in os.listdir(folder) if shell[0] != "." for name in os.listdir(os.path.join(folder, shell))
            if name.startswith("store.")]


def left_store(Shell):
    """Runs of a store that was left are counted and listed, their ends are reported, and one question is about all."""
    shell = Shell()
    other = shell.home + "/my st*re [x]"
    two_stores(shell, other)
    shell.do("true")
    check(shell.count() == 2)
    text = shell.do("sigmund_jobs")
    check("here" in text and "there" in text, text)
    held = Held(shell.home)
    shell.do("SIGMUND_STATE_DIR=" + quoted(other) + " sigmund -q -n short " + held.command)
    held.release()
    wait_for("its end", lambda: "short" not in names(other) and listed(other))
    owner = listed(other)[0]["shell"]
    run = next(run["id"] for run in listed(other) if run["name"] == "short")
    wait_for("its mark", lambda: not os.path.exists(os.path.join(other, "shells", owner, "run." + run)))
    text = plain(shell.do("true") + shell.do("true"))
    check("exited 7 after" in text and "; SIGMUND_STATE_DIR=" + quoted(other) + " sigmund logs short" in text, text)
    check("exited 7" not in shell.do("true"), "told twice")
    check(shell.count() == 2)
    shell.leave("exit 3")
    shell.tty.expect_exact("2 runs started in this shell are still running:")
    shell.answer("s")
    text, status = shell.end()
    check("stopped 2" in text and status == 3, text, status)
    check(not names(STORE) and not names(other))
    wait_for("the folders to go", lambda: not any(os.listdir(os.path.join(STORE, "shells"))))
    check(not os.listdir(os.path.join(other, "shells")))


def store_of_one_command(Shell):
    """A store that is set for a single command is seen, too, even when the shell has no other run."""
    shell = Shell()
    other = shell.home + "/other"
    shell.do("sh -c 'SIGMUND_STATE_DIR=" + other + " sigmund -q -n there sleep 300'")
    shell.do("true")
    check(shell.count() == 1)
    in_store(other, "stop", "-q", "there")
    wait_for("its end", lambda: not names(other))
    text = plain(shell.do("true") + shell.do("true"))
    check("there" in text and "stopped" in text and shell.count() == 0, text)
    shell.do("true")
    check(not links(), "the link goes with the last run of that store")
    shell.do("SIGMUND_STATE_DIR=" + other + " sigmund -q -n again sleep 300")
    shell.do("SIGMUND_STATE_DIR=" + other + " sigmund stop -q again")
    shell.do("true")
    check(not links() and shell.count() == 0, "nor does a run leave one that the shell itself has stopped")
    shell.leave()
    text, _ = shell.end()
    check(QUESTION not in text, text)


def keep_in_stores(Shell):
    """Choose stops one run in its store, and the runs that are kept belong to no shell in theirs."""
    shell = Shell()
    other = shell.home + "/other"
    two_stores(shell, other)
    shell.do("sigmund -q -n third sleep 300")
    shell.leave()
    shell.answer("c")
    shell.tty.expect_exact("stop which?")
    shell.tty.send("2\r")  # they are listed in the order of their start
    text, _ = shell.end()
    check("stopped 1" in text and "kept 2; see: sigmund list\r" in text, text)
    check(names(STORE) == {"here", "third"} and not names(other))
    wait_for("a keep", lambda: all(run["shell"] is None for run in live()))
    sigmund("stop", "-q", "here", "third")
    shell = Shell()
    two_stores(shell, other)
    shell.leave()
    shell.answer("k")
    text, _ = shell.end()
    check("kept 2; see: sigmund list; SIGMUND_STATE_DIR=" + other + " sigmund list" in text, text)
    wait_for("a keep", lambda: all(run["shell"] is None for run in listed(other) + runs() if run["state"] == "running"))
    check(not os.listdir(os.path.join(STORE, "shells")))
    in_store(other, "stop", "-q", "there")


def keep_frozen_in_stores(Shell):
    """Keeping does not wait for the frozen guardians of each store in turn."""
    shell = Shell()
    stores = [f"{shell.home}/s{number}" for number in range(12)]
    for store in stores:
        shell.do("SIGMUND_STATE_DIR=" + store + " sigmund -q sleep 300")
    guardians = [listed(store)[0]["guardian"]["pid"] for store in stores]
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    for pid in guardians:
        os.kill(pid, signal.SIGSTOP)
    try:
        shell.tty.send("k")
        begin = time.monotonic()
        text, _ = shell.end()
        # Each of the stores would be waited for 250 ms.
        check("kept 12" in text and "; and 9 more stores" in text, text)
        check(time.monotonic() - begin < 0.25 * len(stores) * SLOWNESS, "it waited for frozen guardians")
    finally:
        for pid in guardians:
            os.kill(pid, signal.SIGCONT)
    for store in stores:
        wait_for("the run to be kept", lambda store=store: listed(store)[0]["shell"] is None)
        in_store(store, "stop", "-q", "@all")


def removed_store(Shell):
    """A store that is removed, the other one or that of the shell itself, does no harm."""
    shell = Shell()
    other = shell.home + "/other"
    two_stores(shell, other)
    process = listed(other)[0]["pid"]
    remove(other)
    text = shell.do("true") + shell.do("true")
    check("sigmund:" not in text and shell.count() == 1, text)
    os.kill(process, 9)
    sigmund("stop", "-q", "here")
    shell.do("true")
    shell.do("true")
    check(shell.count() == 0)
    first = shell.home + "/first"
    shell.leave()
    shell.end()
    shell = Shell(env={"SIGMUND_STATE_DIR": first})
    shell.do("sigmund -q --wait true")
    remove(first)
    move(shell, other)
    shell.do("sigmund -q -n there sleep 300")
    shell.do("true")
    check(shell.count() == 1)
    shell.leave()
    shell.answer("s")
    shell.end()
    check(not names(other))


def unusable_store(Shell):
    """In a folder whose store cannot be used, the runs of the other stores are reported and asked about."""
    shell = Shell()
    shell.do("sigmund -q -n web sleep 300")
    held = Held(shell.home)
    shell.do("sigmund -q -n short " + held.command)
    short = runs("short")[0]
    move(shell, "/dev/null")
    held.release()
    wait_for("its mark", lambda: "run." + short["id"] not in marks(short["shell"]))
    text = shell.do("true") + shell.do("true")
    check("exited 7" in plain(text) and not COMPLAINT.search(text), text)
    check("sigmund" not in shell.do("true") and shell.count() == 1)
    shell.leave("exit 3")
    shell.answer("s")
    text, status = shell.end()
    check("stopped 1" in text and not COMPLAINT.search(text) and status == 3 and not live(), text)


def many_stores(Shell):
    shell = Shell()
    program = "for i in $(seq 50); do SIGMUND_STATE_DIR=" + shell.home + "/s$i sigmund -q -n r$i sleep 300; done"
    shell.do("sh -c " + quoted(program))
    shell.do("true")
    check(shell.count() == 50)
    shell.leave()
    shell.tty.expect_exact("50 runs started in this shell are still running:")
    shell.answer("s")
    text, _ = shell.end()
    check("stopped 50" in text, text)


def relative_store(Shell):
    """The hook is read while SIGMUND_STATE_DIR is a relative path."""
    shell = Shell(env={"SIGMUND_STATE_DIR": "state"})
    shell.do("sigmund -q -n web sleep 300")
    shell.do("cd /")
    shell.do("true")
    check(shell.count() == 1)
    shell.leave()
    shell.answer("s")
    text, _ = shell.end()
    check("stopped 1" in text and not names(shell.home + "/state"), text)


def older_hook(Shell):
    """A shell that has read an older hook has no SIGMUND_SHELL_MARKS, and knows the store of the moment as before."""
    shell = Shell()
    other = shell.home + "/other"
    shell.do("set -e SIGMUND_SHELL_MARKS" if Shell.kind == "fish" else "unset SIGMUND_SHELL_MARKS")
    two_stores(shell, other)
    shell.do("true")
    check(shell.count() == 1 and not links())
    shell.leave()
    shell.tty.expect_exact("1 run started in this shell is still running:")
    shell.answer("s")
    text, _ = shell.end()
    check("stopped 1" in text and names(other) == {"there"}, text)
    in_store(other, "stop", "-q", "there")


def older_program(Shell):
    """The hook calls an older program, which makes no links and knows the store of the moment only."""
    folder = tempfile.mkdtemp(prefix="sgm-old.")
    with open(folder + "/sigmund", "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nunset SIGMUND_SHELL_MARKS\nexec " + SIGMUND + " \"$@\"\n")
    os.chmod(folder + "/sigmund", 0o755)
    try:
        shell = Shell(env={"PATH": folder + ":/usr/bin:/bin"},
                      after=("set -g " if Shell.kind == "fish" else "") + "__sigmund_path" +
                      (" " if Shell.kind == "fish" else "=") + folder + "/sigmund")
        other = shell.home + "/other"
        text = ""
        for store in (STORE, other, None, STORE):
            move(shell, store)
            text += shell.do("sigmund -q -n web sleep 300" if store in (STORE, other) and not names(store) else "true")
            text += shell.do("true") + shell.do("sigmund_jobs")
        check(not COMPLAINT.search(text), text)
        check(shell.count() == 1, "the store in which the hook was read")
        shell.leave("exit 3")
        shell.answer("s")
        text, status = shell.end()
        check("stopped 1" in text and status == 3 and names(other) == {"web"}, text)
        in_store(other, "stop", "-q", "web")
    finally:
        shutil.rmtree(folder)


def store_after_exec(Shell):
    """A shell that replaces itself knows the runs of all stores."""
    shell = Shell()
    two_stores(shell, shell.home + "/other")
    shell.become_inner()
    shell.tty.sendline(Shell.hook())
    shell.tty.sendline("exit")
    shell.tty.expect_exact("2 runs started in this shell are still running:")
    shell.answer("s")
    text, _ = shell.end()
    check("stopped 2" in text, text)


def direnv_store(Shell):
    """direnv sets the store at the prompt in a folder, and unsets it at the prompt after the folder was left."""
    if not shutil.which("direnv", path="/usr/bin:/bin"):
        return
    line = "direnv hook fish | source" if Shell.kind == "fish" else 'eval "$(direnv hook ' + Shell.kind + ')"'
    for words in ({"before": line}, {"after": line}):
        shell = Shell(**words)
        project = shell.home + "/project"
        os.mkdir(project)
        with open(project + "/.envrc", "w", encoding="utf-8") as file:
            file.write("export SIGMUND_STATE_DIR=" + project + "/state\n")
        shell.do("direnv allow " + project)
        shell.do("sigmund -q -n here sleep 300")
        shell.do("cd " + project)
        shell.do("sigmund -q -n there sleep 300")
        held = Held(shell.home)
        shell.do("sigmund -q -n short " + held.command)
        shell.do("cd " + shell.home)
        held.release()
        check(names(project + "/state") >= {"there"} and names(STORE) == {"here"}, words)
        wait_for("its end", lambda: "short" not in names(project + "/state"))
        short = next(run for run in listed(project + "/state") if run["name"] == "short")
        mark = os.path.join(project, "state/shells", short["shell"], "run." + short["id"])
        wait_for("its mark", lambda: not os.path.exists(mark))
        text = plain(shell.do("true") + shell.do("true"))
        check("state sigmund logs short" in text and shell.count() == 2, text)
        shell.leave()
        shell.tty.expect_exact("2 runs started in this shell are still running:")
        shell.answer("s")
        text, _ = shell.end()
        check("stopped 2" in text and not names(project + "/state") and not names(STORE), text)
