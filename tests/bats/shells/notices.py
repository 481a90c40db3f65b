# SPDX-License-Identifier: Apache-2.0
"""The notices of a shell at its prompt: runs that ended, runs that closed shells left, the number of runs."""
import os
import re
import signal

from shell import QUESTION
from store import STORE, alive, check, folders, marks, runs, sigmund, wait_for


def plain(text):
    """Returns the text without colours."""
    return re.sub("\x1b\\[[0-9;]*m", "", text)


def killed(Shell):
    shell = Shell()
    run = shell.start("sleep 300", "--name web")
    os.kill(shell.tty.pid, signal.SIGKILL)
    shell.tty.wait()
    second = Shell()
    text = second.do("echo here")
    text = text if "left by closed shells" in text else second.tty.before + text
    seen = sigmund("list", "--orphaned", "--porcelain", "--columns", "id").stdout.split()
    check(seen == [run], seen)
    second.leave()
    text, _ = second.end()
    third = Shell(hook=False)
    third.tty.sendline(Shell.hook(Shell.kind))
    out = third.expect_prompt() + third.do("true")
    check("left by closed shells" not in out, "told twice", out)
    third.leave()
    third.end()
    check(alive(run))


def orphan_notice(Shell):
    shell = Shell()
    run = shell.start("sleep 300", "--name web")
    os.kill(shell.tty.pid, signal.SIGKILL)
    shell.tty.wait()
    second = Shell(hook=False)
    second.tty.sendline(Shell.hook(Shell.kind))
    out = second.expect_prompt() + second.do("true")
    check("sigmund: 1 run left by closed shells (web): sigmund list --orphaned, sigmund adopt web" in out, out)
    second.leave()
    second.end()
    check(alive(run))
    sigmund("stop", run)
    wait_for("its mark", lambda: any(name.startswith("done.") for shell in folders() for name in marks(shell)))
    third = Shell()
    third.do("true")
    check(not folders(), "what closed shells left is swept, or each new shell would look for orphans", folders())
    third.leave()
    third.end()


def notices(Shell):
    shell = Shell()
    text = shell.do("sigmund -q --name job sh -c 'sleep 0.2; exit 7'")
    run = runs("job")[0]["id"]
    wait_for("its end", lambda: not alive(run))
    own = runs("job")[0]["shell"]
    wait_for("its mark", lambda: "run." + run not in marks(own))
    text = plain(text + shell.do("true") + shell.do("true"))
    check(re.search(r"sigmund: job \(" + run + r"\) exited 7 after \S+; sigmund logs job", text), text)
    check(shell.do("true").count("exited 7") == 0, "told twice")
    script = shell.home + "/again"
    with open(script, "w", encoding="utf-8") as file:
        file.write("sigmund -q --name job sh -c 'exit 6'\n"
                   "until ls " + STORE + "/shells/*/done.* >/dev/null 2>&1; do sleep 0.02; done\n"
                   "sigmund -q --name job sleep 300\n")
    text = plain(shell.do("sh " + script) + shell.do("true"))
    check(re.search(r"job \((\w+)\) exited 6 after \S+; sigmund logs \1\s", text), "the name is another's by now", text)
    shell.do("sigmund stop -q job")
    check(shell.status_of("false") == 1, "the status is kept over the prompt")
    text = shell.do("sigmund -q -n often --restart always --max-restarts 1 --backoff 10ms false")
    wait_for("its end", lambda: runs("often")[0]["state"] == "failed")
    wait_for("its mark", lambda: "run." + runs("often")[0]["id"] not in marks(own))
    text = plain(text + shell.do("true") + shell.do("true"))
    check(re.search(r"often \(\w+\) failed too often after \S+; sigmund logs often", text), "in words", text)
    other = shell.start()
    text = shell.do("sigmund stop -q " + other) + shell.do("true") + shell.do("true")
    check("sigmund:" not in text, "what this shell stopped itself is no news", text)
    shell.leave()
    text, _ = shell.end()
    check(QUESTION not in text, text)


def running_count(Shell):
    shell = Shell()
    check(shell.count() == 0)
    one, two = shell.start(), shell.start()
    shell.do("true")
    check(shell.count() == 2)
    text = shell.do("sigmund_jobs")
    check(one in text and two in text and "running" in text, text)
    sigmund("stop", one)
    shell.do("sigmund -q sh -c 'exit 4'; sigmund wait @; true")
    text = shell.do("sigmund_jobs")
    check("exited 4" in text and "running" in text, text)
    sigmund("stop", two)
    shell.do("true")
    check(shell.count() == 0)
    shell.leave()
    shell.end()


def jobs(Shell):
    """The runs of the shell with their states in words and their ports, in colour only on a terminal."""
    shell = Shell()
    port = shell.home + "/port"
    server = ("python3 -c 'import socket, sys, time; s = socket.create_server((\"127.0.0.1\", 0)); "
              "print(s.getsockname()[1], file=open(sys.argv[1], \"w\"), flush=True); time.sleep(300)' " + port)
    web = shell.start(server, "--name web")
    still, ill, later = (shell.start(*words) for words in (
        ("sleep 300",), ("sleep 300", "--health false --health-interval 100ms --health-retries 1 --backoff 1h"),
        ("false", "--restart always --backoff 1h")))
    hostile = shell.start("sh -c 'sleep 300' " + Shell.escape_word)
    elsewhere = sigmund("-q", "sleep", "300").stdout.strip()
    sigmund("pause", still)
    shell.do("sigmund -q sh -c 'exit 4'; sigmund wait @; true")
    wait_for("the port", lambda: os.path.exists(port) and open(port, encoding="utf-8").read().endswith("\n"))
    wait_for("the pauses before the restarts",
             lambda: all(runs(run)[0]["state"] == "backoff" for run in (ill, later)))
    with open(port, encoding="utf-8") as file:
        number = file.read().strip()
    text = shell.do("sigmund_jobs")
    green, yellow, red = ("\x1b[%dm" % colour for colour in (32, 33, 31))
    for row in (f"[web ({web})]  {green}running\x1b[0m  :{number} python3 -c ",
                f"[{still}]  {yellow}paused\x1b[0m  sleep 300",
                f"[{hostile}]  {green}running\x1b[0m  sh -c",
                f"]  {red}exited 4\x1b[0m  sh -c"):
        check(row in text, row, text)
    for run, more in ((ill, ", unhealthy"), (later, "")):
        row = re.escape(f"[{run}]  {yellow}restarting in ") + r"[^\x1b,]+" + more + "\x1b"
        check(re.search(row, text), row, text)
    check("\x1b]0;owned" not in text and elsewhere not in text, text)
    text = shell.do("sigmund_jobs | cat")
    check(f"[{still}]  paused  sleep 300" in text, "no colour in a pipe", text)
    shell.leave()
    shell.answer("s")
    shell.end()
    sigmund("stop", elsewhere)
    shell = Shell(env={"NO_COLOR": "1"})
    run = shell.start()
    check(f"[{run}]  running  sleep 300" in shell.do("sigmund_jobs"))
    sigmund("stop", run)
    shell.leave()
    shell.end()


def prompt_segment(Shell):
    """`sigmund prompt` puts a segment in front, and the prompt after it still sees the last command's status."""
    shell = Shell()
    zero, one, many = shell.show_status_in_prompt()
    check(one in shell.do("false"), "the status without runs")
    check(zero in shell.do("true"))
    one_run = shell.start()
    check("[1 running] " + zero in shell.do("true"))
    text = shell.do("true | false")
    check("[1 running] " + many in text and text.count("1 running") == 1, text)
    shell.do("sigmund stop -q " + one_run)
    text = shell.do("true")
    check("running" not in text, text)
    shell.leave()
    shell.end()
