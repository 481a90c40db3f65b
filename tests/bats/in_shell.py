#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real interactive shells in real ptys, with sigmund's hook: in_shell.py SHELL SCENARIO.

Each scenario is a function below; it raises when what a person would see is not so. The store and the binary come
from the environment (SIGMUND_STATE_DIR, SIGMUND).
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import pexpect

SIGMUND = os.environ["SIGMUND"]
STORE = os.environ["SIGMUND_STATE_DIR"]
PROMPT = "READY> "
HEAD = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}


def sigmund(*words):
    return subprocess.run([SIGMUND, *words], capture_output=True, text=True, check=False, timeout=20)


def runs(*words):
    return json.loads(sigmund("list", "--json", *words).stdout)["data"]


def live():
    return [run for run in runs() if run["state"] in ("running", "starting", "paused", "stopping")]


def wait_for(what, test, seconds=10):
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            raise AssertionError("time ran out: " + what)
        time.sleep(0.02)


class Shell:
    def __init__(self, kind, before="", after="", env=None, hook=True):
        self.kind = kind
        self.home = tempfile.mkdtemp(prefix="sgm-home.")
        folder = os.path.dirname(SIGMUND)
        full = {
            "PATH": folder + ":/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.home, "TERM": "xterm", "LANG": "C.UTF-8",
            "SIGMUND_STATE_DIR": STORE, "SIGMUND": SIGMUND, "HISTFILE": "/dev/null", "INPUTRC": "/dev/null",
        }
        full.update(env or {})
        self.tty = pexpect.spawn(HEAD[kind][0], HEAD[kind][1:], env=full, encoding="utf-8", timeout=10,
                                 dimensions=(24, 100), cwd=self.home)
        self.tty.delaybeforesend = 0
        if kind == "bash":
            self.tty.sendline("bind 'set enable-bracketed-paste off'; PS1='" + PROMPT[:3] + "''" + PROMPT[3:] + "'")
        elif kind == "zsh":
            self.tty.sendline("unsetopt zle prompt_sp prompt_cr; PS1='" + PROMPT[:3] + "''" + PROMPT[3:] + "'")
        else:
            self.tty.sendline("function fish_prompt; printf '%s' '" + PROMPT[:3] + "''" + PROMPT[3:]
                              + "'; end; function fish_greeting; end")
        self.expect_prompt()
        if before:
            self.do(before)
        if hook:
            self.do("sigmund shell-init fish | source" if kind == "fish" else 'eval "$(\\command sigmund shell-init ' + kind + ')"')
        if after:
            self.do(after)

    def expect_prompt(self):
        self.tty.expect_exact(PROMPT)
        return self.tty.before

    def do(self, line):
        self.tty.sendline(line)
        return self.expect_prompt()

    def start(self, line="sleep 300", options=""):
        before = {run["id"] for run in runs()}
        self.do("sigmund -q " + options + " " + line)
        new = [run for run in runs() if run["id"] not in before]
        assert len(new) == 1, new
        return new[0]["id"]

    def leave(self, line="exit"):
        self.tty.sendline(line)

    def end(self):
        """Its output until the end, and its exit status."""
        self.tty.expect(pexpect.EOF)
        text = self.tty.before
        self.tty.close()
        return text, self.tty.exitstatus

    def status_of(self, line):
        word = "$status" if self.kind == "fish" else "$?"
        text = self.do(line)
        text = self.do("echo ST'='" + word)
        return int(re.search(r"ST=(\d+)", text).group(1))


def alive(*ids):
    return {run["id"] for run in live()} >= set(ids)


def check(condition, *what):
    if not condition:
        raise AssertionError(what)


def folders():
    """The shells that have one."""
    return [name for name in os.listdir(os.path.join(STORE, "shells")) if name[0] != "."]


def marks(shell):
    folder = os.path.join(STORE, "shells", shell)
    return os.listdir(folder) if os.path.isdir(folder) else []


QUESTION = "[s]top all   [k]eep   [c]hoose"


def answer_keep(kind):
    for key in ("k", "\r", "\x1b", "\x03", "\x04"):
        shell = Shell(kind)
        run = shell.start()
        shell.leave("exit 3")
        shell.tty.expect_exact("1 run started in this shell is still running:")
        shell.tty.expect_exact(QUESTION)
        shell.tty.send(key)
        text, status = shell.end()
        check("kept 1; see: sigmund list" in text, key, text)
        check(status == 3, key, status)
        check(alive(run), key)
        check([r["shell"] for r in runs(run)] == [None], "an explicit keep clears the owner", runs(run))
        sigmund("stop", run)


def answer_stop(kind):
    shell = Shell(kind)
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


def answer_stop_slow(kind):
    """What takes its time says how not to wait for it."""
    shell = Shell(kind)
    run = shell.start("sh -c 'trap : TERM; echo up; while :; do sleep 0.1; done'", "--ready log:up")
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("s")
    shell.tty.expect_exact("stopping 1 run... (Ctrl-C: leave that to the background)")
    shell.tty.send("\x03")
    text, _ = shell.end()
    check("still stopping in the background" in text, text)
    wait_for("its end", lambda: not alive(run), 15)


def answer_choose(kind):
    shell = Shell(kind)
    ids = [shell.start(), shell.start(), shell.start()]
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("c")
    shell.tty.expect_exact("stop which?")
    shell.tty.send("9\r")
    shell.tty.expect_exact("numbers from 1 to 3, please")
    shell.tty.send("x\x7f1 3\r")
    text, _ = shell.end()
    check("stopped 2" in text and "kept 1" in text, text)
    check({run["id"] for run in live()} == {ids[1]}, live())


def answer_narrow(kind):
    """In a narrow window the menu, which is drawn anew each second, stays in its line."""
    shell = Shell(kind)
    run = shell.start()
    shell.tty.setwinsize(24, 38)
    shell.leave()
    shell.tty.expect_exact("[s]top [k]eep [c]hoose (15s)")
    shell.tty.expect_exact("[s]top [k]eep [c]hoose (14s)")
    check("in 1" not in shell.tty.before, shell.tty.before)
    shell.tty.send("s")
    text, _ = shell.end()
    check("stopped 1" in text and not alive(run), text)


def answer_sequence(kind):
    """What is sent behind an Esc in one piece, by an arrow key or by the terminal itself, is no Esc and no answer."""
    shell = Shell(kind)
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    for keys in ("\x1b[A", "\x1bOC", "\x1b[1;5C", "\x1b[I", "\x1b[<0;5;5M", "\x1b[M s!", "\x1b[[C", "\x1bs"):
        shell.tty.send(keys)
        time.sleep(0.1)
    check(alive(run))
    shell.tty.send("c")
    shell.tty.expect_exact("stop which?")
    shell.tty.send("\x1b[C")
    time.sleep(0.1)
    shell.tty.send("1\r")
    text, _ = shell.end()
    check("stopped 1" in text and "kept" not in text and not alive(run), text)


def answer_time_out(kind):
    shell = Shell(kind, env={"SIGMUND_EXIT_TIMEOUT": "1s"})
    run = shell.start()
    shell.leave("exit 5")
    shell.tty.expect_exact("(keep in 1s)")
    text, status = shell.end()
    check("kept 1" in text and status == 5, text, status)
    check(alive(run) and runs("--orphaned")[0]["id"] == run, "a time-out leaves the owner")


def end_of_file(kind):
    shell = Shell(kind)
    run = shell.start()
    shell.tty.send("\x04")
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("k")
    shell.end()
    check(alive(run))


def type_ahead(kind):
    shell = Shell(kind, env={"SIGMUND_EXIT_TIMEOUT": "2s"})
    run = shell.start()
    shell.tty.send("sleep 0.3; exit\rssss")  # typed before the question was asked
    shell.tty.expect_exact(QUESTION)
    time.sleep(0.3)
    check(alive(run), "type-ahead answered")
    shell.tty.send("\x1a")  # Ctrl-Z is no answer
    time.sleep(0.1)
    shell.tty.send("k")
    text, _ = shell.end()
    check("kept 1" in text and alive(run), text)


def hang_up(kind):
    shell = Shell(kind)
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.close(force=True)  # the terminal goes away in the middle of the question
    wait_for("an orphan", lambda: [r["id"] for r in runs("--orphaned")] == [run])
    second = Shell(kind)
    second.leave()
    text, _ = second.end()
    check(alive(run))


def killed(kind):
    shell = Shell(kind)
    run = shell.start("sleep 300", "--name web")
    os.kill(shell.tty.pid, signal.SIGKILL)
    shell.tty.wait()
    second = Shell(kind)
    text = second.do("echo here")
    text = text if "left by closed shells" in text else second.tty.before + text
    seen = sigmund("list", "--orphaned", "--porcelain", "--columns", "id").stdout.split()
    check(seen == [run], seen)
    second.leave()
    text, _ = second.end()
    third = Shell(kind, hook=False)
    third.tty.sendline("sigmund shell-init fish | source" if kind == "fish" else 'eval "$(sigmund shell-init ' + kind + ')"')
    out = third.expect_prompt() + third.do("true")
    check("left by closed shells" not in out, "told twice", out)
    third.leave()
    third.end()
    check(alive(run))


def orphan_notice(kind):
    shell = Shell(kind)
    run = shell.start("sleep 300", "--name web")
    os.kill(shell.tty.pid, signal.SIGKILL)
    shell.tty.wait()
    second = Shell(kind, hook=False)
    second.tty.sendline("sigmund shell-init fish | source" if kind == "fish" else 'eval "$(sigmund shell-init ' + kind + ')"')
    out = second.expect_prompt() + second.do("true")
    check("sigmund: 1 run left by closed shells (web): sigmund list --orphaned" in out, out)
    second.leave()
    second.end()
    check(alive(run))
    sigmund("stop", run)
    wait_for("its mark", lambda: any(name.startswith("done.") for shell in folders() for name in marks(shell)))
    third = Shell(kind)
    third.do("true")
    check(not folders(), "what closed shells left is swept, or each new shell would look for orphans", folders())
    third.leave()
    third.end()


def notices(kind):
    shell = Shell(kind)
    text = shell.do("sigmund -q --name job sh -c 'sleep 0.2; exit 7'")
    run = runs("job")[0]["id"]
    wait_for("its end", lambda: not alive(run))
    own = runs("job")[0]["shell"]
    wait_for("its mark", lambda: "run." + run not in marks(own))
    text += shell.do("true") + shell.do("true")
    check(re.search(r"sigmund: job \(" + run + r"\) exited 7 after \S+; sigmund dump job", text), text)
    check(shell.do("true").count("exited 7") == 0, "told twice")
    script = shell.home + "/again"
    with open(script, "w", encoding="utf-8") as file:
        file.write("sigmund -q --name job sh -c 'exit 6'\n"
                   "until ls " + STORE + "/shells/*/done.* >/dev/null 2>&1; do sleep 0.02; done\n"
                   "sigmund -q --name job sleep 300\n")
    text = shell.do("sh " + script) + shell.do("true")
    check(re.search(r"job \((\w+)\) exited 6 after \S+; sigmund dump \1\s", text), "the name is another's by now", text)
    shell.do("sigmund stop -q job")
    check(shell.status_of("false") == 1, "the status is kept over the prompt")
    shell.do("sigmund -q -n often --restart always --max-restarts 1 --backoff 10ms false")
    wait_for("its end", lambda: runs("often")[0]["state"] == "failed")
    wait_for("its mark", lambda: "run." + runs("often")[0]["id"] not in marks(own))
    text = shell.do("true") + shell.do("true")
    check(re.search(r"often \(\w+\) failed too often after \S+; sigmund dump often", text), "in words", text)
    other = shell.start()
    text = shell.do("sigmund stop -q " + other) + shell.do("true") + shell.do("true")
    check("sigmund:" not in text, "what this shell stopped itself is no news", text)
    shell.leave()
    text, _ = shell.end()
    check(QUESTION not in text, text)


def running_count(kind):
    shell = Shell(kind)
    check("N=0" in shell.do("echo N=(count $SIGMUND_RUNNING)" if kind == "fish" else "echo N=${SIGMUND_RUNNING:-0}"))
    one, two = shell.start(), shell.start()
    shell.do("true")
    check("N=2" in shell.do("echo N=$SIGMUND_RUNNING"))
    text = shell.do("sigmund_jobs")
    check(one in text and two in text and "running" in text, text)
    sigmund("stop", one)
    shell.do("sigmund -q sh -c 'exit 4'; sigmund wait @; true")
    text = shell.do("sigmund_jobs")
    check("exited 4" in text and "running" in text, text)
    sigmund("stop", two)
    shell.do("true")
    check("N=0" in shell.do("echo N=(count $SIGMUND_RUNNING)" if kind == "fish" else "echo N=${SIGMUND_RUNNING:-0}"))
    shell.leave()
    shell.end()


def prompt_segment(kind):
    """`sigmund prompt` puts a segment in front, and the prompt behind it still sees the last command's status."""
    shell = Shell(kind)
    if kind == "fish":
        shell.tty.sendline("function fish_prompt; printf '<%s|%s>%s' $status \"$pipestatus\" 'READ''Y> '; end")
        shell.expect_prompt()
        shell.do("sigmund prompt fish | source")
        shell.do("sigmund prompt fish | source")
    else:
        shell.do("setopt prompt_subst; true" if kind == "zsh" else "true")
        shell.do("PS1='<$?>'$PS1; eval \"$(sigmund prompt " + kind + ")\"")
        shell.do("eval \"$(sigmund prompt " + kind + ")\"")  # as when the start file is read again
    zero, one, many = ("<0|0>", "<1|1>", "<1|0 1>") if kind == "fish" else ("<0>", "<1>", "<1>")
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


def quiet_elsewhere(kind):
    """Subshells, pipelines, scripts and nested shells without the hook do not ask."""
    shell = Shell(kind)
    run = shell.start()
    if kind == "fish":
        lines = ["fish --no-config -c exit", "echo (true)", "bash -c 'exit 0'", "true | true"]
    else:
        lines = ["(exit 0)", "echo $(exit 0)", "true | (exit 0)", "{ exit 0; } | cat", kind + " -c 'exit 0'",
                 "cat <(exit 0)", "(exit 0) & wait", "bash --norc -c 'exit 0'"]
    for line in lines:
        text = shell.do(line)
        check(QUESTION not in text, line, text)
    inner = HEAD[kind][0] + " " + " ".join(HEAD[kind][1:])
    shell.tty.sendline(inner)
    time.sleep(0.3)
    shell.tty.sendline("exit")
    text = shell.expect_prompt()
    check(QUESTION not in text, "a nested shell without the hook", text)
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("k")
    shell.end()
    check(alive(run))


def nested(kind):
    """A nested shell with the hook asks of its own runs only, and does not take its parent's away."""
    shell = Shell(kind)
    mine = shell.start()
    inner = HEAD[kind][0] + " " + " ".join(HEAD[kind][1:])
    shell.tty.sendline(inner)
    time.sleep(0.3)
    shell.tty.sendline("sigmund shell-init fish | source" if kind == "fish" else 'eval "$(sigmund shell-init)"')
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
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("s")
    shell.end()
    check(not live())


def replaced(kind):
    """exec of another shell keeps the session."""
    shell = Shell(kind)
    run = shell.start()
    inner = HEAD[kind][0] + " " + " ".join(HEAD[kind][1:])
    shell.tty.sendline("exec " + inner)
    time.sleep(0.3)
    shell.tty.sendline("sigmund shell-init fish | source" if kind == "fish" else 'eval "$(sigmund shell-init)"')
    shell.tty.sendline("exit")
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("s")
    shell.end()
    check(not alive(run))


def policies(kind):
    for policy, left in (("stop", 0), ("keep", 1)):
        shell = Shell(kind, env={"SIGMUND_ON_EXIT": policy})
        run = shell.start()
        shell.leave("exit 6")
        text, status = shell.end()
        check(QUESTION not in text and status == 6, policy, text, status)
        check(len(live()) == left, policy, live())
        sigmund("stop", run)


def double_eval(kind):
    shell = Shell(kind)
    shell.do("sigmund shell-init fish | source" if kind == "fish" else 'eval "$(sigmund shell-init)"')
    run = shell.start()
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("s")
    text, _ = shell.end()
    check(QUESTION not in text and not alive(run), text)


def hostile_names(kind):
    shell = Shell(kind)
    flag = shell.home + "/executed"
    words = ["$(touch " + flag + ")", "`touch " + flag + "`", "a\nb", "\x1b]0;owned\x07", "--all", "'; touch " + flag + "; '"]
    subprocess.run([SIGMUND, "-q", "--", "sh", "-c", "sleep 300; :", *words], check=True, capture_output=True,
                   env=dict(os.environ, SIGMUND_SHELL_ID=""))
    shell.tty.sendline("sigmund -q -- sh -c 'sleep 300; :' '$(touch " + flag + ")' '`touch " + flag + "`' " +
                       ("(printf '\\e]0;owned\\a')" if kind == "fish" else "\"$(printf '\\033]0;owned\\007')\""))
    shell.expect_prompt()
    text = shell.do("sigmund_jobs") + shell.do("sigmund list")
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    text += shell.tty.before
    shell.tty.send("s")
    text += shell.end()[0]
    check("\x1b]0;owned" not in text, "an escape reached the terminal", text)
    check(not os.path.exists(flag), "executed")


def hostile_options(kind):
    setups = {
        "bash": ["set -eu; true", "set -o noclobber", "IFS=x", "set -f", "shopt -s failglob", "shopt -s nullglob",
                 "set -o posix", "alias command=false local=false cd=false; shopt -s expand_aliases",
                 "sigmund() { command sigmund \"$@\"; }", "PROMPT_COMMAND='true'", "PROMPT_COMMAND=(true 'x=1')",
                 "readonly PROMPT_COMMAND=true", "trap 'echo mine' EXIT"],
        "zsh": ["setopt err_return no_unset", "setopt no_clobber", "IFS=x", "setopt ksh_arrays", "setopt sh_word_split",
                "setopt no_glob", "setopt glob_subst ksh_glob", "alias command=false local=false",
                "sigmund() { command sigmund \"$@\" }", "precmd() { true }", "trap 'echo mine' EXIT"],
        "fish": ["set -g IFS x", "alias command false", "function sigmund; command sigmund $argv; end",
                 "set -g fish_history ''"],
    }[kind]
    for setup in setups:
        shell = Shell(kind, before=setup)
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


def tmux_panes(kind):
    """A tmux server carries the environment of the shell that started it into every pane: not its runs, though."""
    shell = Shell(kind)
    own = shell.start()
    if kind == "bash":
        with open(shell.home + "/rc", "w", encoding="utf-8") as file:
            file.write('eval "$(sigmund shell-init bash)"\n')
        pane = "bash --noprofile --rcfile " + shell.home + "/rc -i"
    elif kind == "zsh":
        with open(shell.home + "/.zshrc", "w", encoding="utf-8") as file:
            file.write('eval "$(sigmund shell-init zsh)"\n')
        pane = "env ZDOTDIR=" + shell.home + " zsh -d -i"
    else:
        pane = "fish --no-config -i -C \"sigmund shell-init fish | source\""
    tmux = ["tmux", "-L", "sgm" + str(os.getpid()), "-f", "/dev/null"]

    def in_tmux(*words):
        return subprocess.run([*tmux, *words], capture_output=True, text=True, check=False, timeout=10,
                              env={"PATH": os.environ["PATH"], "TERM": "xterm"}).stdout

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
        in_tmux("send-keys", "s")
        wait_for("the pane's run to end", lambda: {run["id"] for run in live()} == {own})
    finally:
        in_tmux("kill-server")
    shell.leave()
    shell.tty.expect_exact("1 run started in this shell")
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("s")
    shell.end()
    check(not live())


def harmless(kind):
    """The hook at the prompt wakes no ERR trap, ends no `set -e`, and leaves both statuses to what comes behind it."""
    if kind == "fish":
        return
    trap = "ERR" if kind == "bash" else "ZERR"
    # Its text keeps the prompt apart from what the shell echoes of our line.
    shell = Shell(kind, before="trap 'echo TRA''PPED' " + trap)
    for line in ("false", "false", "sh -c 'exit 3'"):
        text = shell.do(line)
        check(text.count("TRAPPED") == 1, "a failed command is told of once", line, text)
    shell.do("trap - " + trap)
    shell.do("set -e" if kind == "bash" else "setopt err_exit")
    check(shell.status_of("false && true") == 1, "the shell is there, and the status")
    shell.start()
    shell.do("trap 'echo mi''ne $?' EXIT")
    shell.leave("exit 3")
    shell.tty.expect_exact(QUESTION)
    before = shell.tty.before  # zsh's own trap comes before its hooks
    shell.tty.send("s")
    text, status = shell.end()
    check("mine 3" in before + text and status == 3, before + text, status)
    if kind == "zsh":
        shell = Shell(kind, after="precmd_functions+=(mine); mine() { seen=\"$? $pipestatus\" }")
    else:
        shell = Shell(kind, before="export PROMPT_COMMAND='seen=\"$? ${PIPESTATUS[*]}\"'")
    shell.do("false | true | sh -c 'exit 4'")
    text = shell.do("echo \"SEEN=$seen\"")
    old = kind == "bash" and version_of_bash() < (5, 1)  # PROMPT_COMMAND is one string there
    check("SEEN=4 1 0 4" in text or old and "SEEN=4 " in text, text)
    if kind == "bash":
        text = shell.do("bash --norc --noprofile -ic true 2>&1; bash --norc --noprofile -c 'echo \"EXPORTED=$PROMPT_COMMAND.\"'")
        check("__sigmund" not in text, "a shell without the hook would call it", text)
    shell.leave()
    shell.end()


def version_of_bash():
    out = subprocess.run(["bash", "-c", "echo $((BASH_VERSINFO[0])) $((BASH_VERSINFO[1]))"], capture_output=True, text=True,
                         check=True, timeout=10)
    return tuple(int(word) for word in out.stdout.split())


def traps_after(kind):
    """bash: a trap set after the hook, at the prompt or by a sourced script, is kept and does not displace ours."""
    if kind != "bash":
        return
    for line in ("trap 'echo mine' EXIT", "trap - EXIT", "trap \"echo 'mine too'\" EXIT"):
        shell = Shell(kind)
        run = shell.start()
        shell.do(line)
        shell.leave("exit 9")
        shell.tty.expect_exact(QUESTION)
        shell.tty.send("s")
        text, status = shell.end()
        check(not alive(run) and status == 9, line, text, status)
        if "mine" in line:
            check("mine" in text, line, text)


def completion_by_hook(kind):
    """With nothing but the hook, TAB loads the completion."""
    shell = Shell(kind, before="setopt zle; autoload -Uz compinit; compinit -u -D" if kind == "zsh" else "")
    shell.do("true")
    for line, whole in (("sigmund list --orph", "sigmund list --orphaned "), ("sigmund tail --no-f", "sigmund tail --no-follow ")):
        shell.tty.send(line + "\t")
        time.sleep(0.5)
        shell.tty.send("; true\r")
        text = shell.expect_prompt()
        check(line[-4:] + whole[len(line):] in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x08", "", text), line, text)
    if kind == "bash":
        shell = Shell(kind, after="complete -F __sigmund_completion sg")
        shell.tty.send("sg list --orph\t")
        shell.tty.expect_exact("aned")
        shell.tty.send("\x15\r")
        shell.expect_prompt()
    shell.leave()
    shell.end()


def stopped_jobs(kind):
    """An exit that the shell refuses, because a job is stopped, asks nothing; the next one does."""
    shell = Shell(kind)
    run = shell.start()
    shell.tty.sendline("sleep 77")
    time.sleep(0.5)
    shell.tty.send("\x1a")
    shell.expect_prompt()
    text = shell.do("exit")
    check(QUESTION not in text, text)
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("s")
    shell.end()
    check(not alive(run))


def bash_preexec(kind):
    """Where bash-preexec is, its list is used and PROMPT_COMMAND left alone."""
    if kind != "bash":
        return
    theirs = "for f in ${precmd_functions[@]}; do $f; done"
    shell = Shell(kind, before="__bp_imported=defined; precmd_functions=(); PROMPT_COMMAND='" + theirs + "'")
    shell.start()
    shell.do("true")
    text = shell.do("echo N=$SIGMUND_RUNNING P=\"$PROMPT_COMMAND\"")
    check("N=1 P=" + theirs in text, text)
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("s")
    shell.end()


def no_forks(kind):
    """Ten prompts with two live runs: no fork (strace)."""
    shell = Shell(kind)
    shell.start()
    shell.start()
    shell.do("true")
    out = shell.home + "/trace"
    tracer = subprocess.Popen(["strace", "-qq", "-f", "-e", "trace=fork,vfork,clone,clone3", "-o", out, "-p",
                               str(shell.tty.pid)], stderr=subprocess.DEVNULL)
    wait_for("strace", lambda: "TracerPid:\t0" not in open(f"/proc/{shell.tty.pid}/status").read())
    for _ in range(10):
        shell.do("")
    tracer.send_signal(signal.SIGINT)
    tracer.wait(timeout=10)
    text = open(out).read()
    check(not re.search(r"clone|fork", text), text)
    shell.leave()
    shell.tty.expect_exact(QUESTION)
    shell.tty.send("s")
    shell.end()


if __name__ == "__main__":
    try:
        globals()[sys.argv[2]](sys.argv[1])
    except Exception as error:  # the test's message is all that bats shows
        print(f"{sys.argv[1]} {sys.argv[2]}: {type(error).__name__}: {error}")
        sys.exit(1)
    finally:
        sigmund("kill", "-q", "@all")
