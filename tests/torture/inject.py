#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Injects SIGKILL and errors into the system calls of launcher and guardian, one at a time, and audits what is left.

usage: inject.py [--budget SECONDS] [--seed N] [OPERATION...]

Operations: start port tty send up down stop kill restart prune rename shell-exit. Each is traced once to learn its system calls and those
of the guardian that it talks to. Then it is repeated, and each time one of these calls fails, or its process is
killed there. Afterwards every process that carries a key of the store must be listed, `stop` must end them, `prune`
must leave nothing, records must be complete, and the exit status must be true.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SIGMUND = os.environ["SIGMUND"]
OPERATIONS = ["start", "port", "tty", "send", "up", "down", "stop", "kill", "restart", "prune", "rename", "shell-exit"]
STARTS = ("start", "port", "tty", "up")  # of which no guardian lives before
# A port, a step between two runs, and a dependency that has to be waited for.
TEMPLATES = """[run.db]
command = "echo up; exec sleep 300"
ready = "log:up"
ready-timeout = "2s"
[run.step]
command = "true"
depends = ["db"]
once = true
[run.web]
command = ["sleep", "300"]
depends = ["step"]
"""
ERRNOS = {
    "openat": ["EMFILE", "ENOSPC", "EIO"], "write": ["ENOSPC", "EIO", "EINTR"], "read": ["EIO", "EINTR"],
    "clone": ["EAGAIN", "ENOMEM"], "clone3": ["EAGAIN", "ENOMEM"], "fork": ["EAGAIN"], "vfork": ["EAGAIN"],
    "fsync": ["EIO", "ENOSPC"], "renameat": ["ENOSPC", "EIO"], "pipe2": ["EMFILE"], "socket": ["EMFILE"],
    "socketpair": ["EMFILE"], "mkdirat": ["ENOSPC"], "unlinkat": ["EIO"], "flock": ["EINTR", "ENOLCK"],
    "bind": ["EADDRINUSE"], "listen": ["EIO"], "connect": ["EAGAIN"], "accept4": ["EMFILE"], "signalfd4": ["EMFILE"],
    "pidfd_open": ["EMFILE", "ENOMEM"], "poll": ["EINTR"], "ppoll": ["EINTR"], "fstat": ["EIO"], "dup2": ["EMFILE"],
    "execve": ["ENOMEM", "EIO"], "sendto": ["EPIPE", "EINTR"], "recvfrom": ["EINTR"], "setsid": ["EPERM"],
    "newfstatat": ["EIO"], "getdents64": ["EIO"], "ftruncate": ["EIO"], "chdir": ["EIO"], "fchdir": ["EIO"],
}


def group_lives(group):
    """Returns whether a process of it runs. A zombie may wait long for the system's init."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            return True
    return False


def untraced(pid):
    try:
        return "TracerPid:\t0\n" in open(f"/proc/{pid}/status").read()
    except OSError:
        return False  # killed at once


def this_shell():
    """Returns the id of this process as a shell session: PID.START."""
    return f"{os.getpid()}.{open('/proc/self/stat').read().rsplit(')', 1)[1].split()[19]}"


class Bench:
    """A fresh store, and the proof that nothing in it is lost."""

    def __init__(self, operation):
        self.store = tempfile.mkdtemp(prefix="sgm-inject.", dir="/tmp")
        self.project = tempfile.mkdtemp(prefix="sgm-project.", dir="/tmp")
        if operation in ("up", "down"):
            with open(self.project + "/sigmund.toml", "w", encoding="utf-8") as file:
                file.write(TEMPLATES)
        self.env = dict(os.environ, SIGMUND_STATE_DIR=self.store, SIGMUND_CONFIG="/dev/null",
                        SIGMUND_ON_EXIT_NOTTY="stop")
        self.env.pop("SIGMUND_SHELL_ID", None)
        if operation == "shell-exit":
            self.env["SIGMUND_SHELL_ID"] = this_shell()

    def sigmund(self, *words, timeout=20):
        return subprocess.run([SIGMUND, *words], env=self.env, capture_output=True, text=True, timeout=timeout,
                              cwd=self.project, stdin=subprocess.DEVNULL, check=False)

    def close(self):
        for pid in self.marked():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.store, ignore_errors=True)
        shutil.rmtree(self.project, ignore_errors=True)

    def traced(self, who, words, options, trace="/dev/null"):
        """Runs the verb, with itself or the guardian of `web` under strace. Returns its exit status, or None when it
        took too long. The tracer detaches."""
        strace = ["strace", "-I", "2", "-f", "-qq", "-o", trace, *options]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        tracer = None
        if who == "guardian":
            guardian = self.guardian()
            tracer = subprocess.Popen([*strace, "-p", str(guardian)], **quiet)
            end = time.monotonic() + 3
            while untraced(guardian) and time.monotonic() < end:
                time.sleep(0.001)
            strace = []
        # With -D the verb is our child, and strace is in the same group. There is no terminal for questions.
        verb = subprocess.Popen([*strace, *(["-D"] if strace else []), SIGMUND, *words], env=self.env,
                                cwd=self.project, start_new_session=True, **quiet)
        try:
            status = verb.wait(timeout=8)
        except subprocess.TimeoutExpired:
            status = None
            verb.kill()
            verb.wait()
        time.sleep(0.03)  # the guardian continues for a moment
        # A tracer that dies detaches at once; a polite request takes a second. The guardian has its own session.
        if tracer:
            tracer.kill()
            tracer.wait()
            return status
        end = time.monotonic() + 3
        try:
            os.killpg(verb.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        while group_lives(verb.pid) and time.monotonic() < end:
            time.sleep(0.002)
        return status

    def names(self):
        return self.sigmund("list", "--all", "--porcelain", "--columns", "name").stdout.split()

    def guardian(self):
        shown = json.loads(self.sigmund("show", "web", "--json").stdout)
        return shown["data"][0]["guardian"]["pid"]

    def keys(self):
        out = {}
        for name in os.listdir(self.store):
            if name.endswith(".json"):
                text = open(os.path.join(self.store, name), errors="replace").read()
                record = json.loads(text)  # a torn record makes this fail
                out[record["key"]] = record["id"]
        return out

    def marked(self):
        """Returns the processes that were started from this store: pid -> id, by their own environment."""
        out = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                entries = open(f"/proc/{pid}/environ", "rb").read().split(b"\0")
                state = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if state == "Z" or ("SIGMUND_STATE_DIR=" + self.store).encode() not in entries:
                continue
            for entry in entries:
                if entry.startswith(b"SIGMUND_KEY="):
                    out[int(pid)] = entry.split(b"=", 1)[1].decode()
        return out

    def audit(self):
        """Returns what is wrong, one line each."""
        problems = []
        end = time.monotonic() + 3
        while True:  # a leader at its gate ends by itself once its guardian is gone
            keys = self.keys()
            live = {line for line in self.sigmund("list", "--porcelain", "--live", "--columns", "id").stdout.split()}
            strangers = {pid: key for pid, key in self.marked().items() if keys.get(key) not in live}
            if not strangers or time.monotonic() > end:
                break
            time.sleep(0.02)
        if strangers:
            problems.append(f"processes that list does not show: {strangers}")
        result = self.sigmund("stop", "--timeout", "1s", "@all")
        if result.returncode not in (0, 2):
            problems.append(f"stop: {result.returncode} {result.stderr}")
        if left := self.marked():
            problems.append(f"left after stop: {left}")
        end = time.monotonic() + 3
        while True:  # a guardian may be writing its last record
            self.sigmund("prune", "-q", "@all")
            self.sigmund("prune", "-q")
            litter = [name for name in os.listdir(self.store) if name not in ("names", "shells", "stacks")]
            litter += os.listdir(self.store + "/names") if os.path.isdir(self.store + "/names") else []
            if not litter or time.monotonic() > end:
                break
            time.sleep(0.02)
        if litter:
            problems.append(f"litter after prune: {litter}")
        return problems


def prepare(bench, operation):
    """Prepares what must exist before. Returns the words of the verb."""
    if operation == "start":
        return ["-q", "-n", "web", "sleep", "300"]
    if operation == "port":
        return ["-q", "-n", "web", "--port", "auto", "sleep", "300"]
    if operation == "tty":
        return ["-q", "-n", "web", "--tty", "sleep", "300"]
    if operation == "send":
        bench.sigmund("-q", "-n", "web", "--tty", "sleep", "300")
        return ["send", "web", "a line"]
    if operation == "up":
        return ["up", "-q"]
    if operation == "down":
        bench.sigmund("up", "-q")
        return ["down", "-q"]
    bench.sigmund("-q", "-n", "web", "sleep", "300")
    if operation == "shell-exit":
        bench.sigmund("-q", "-n", "db", "sleep", "300")
    if operation == "prune":
        bench.sigmund("stop", "-q", "web")
    return {"stop": ["stop", "web"], "kill": ["kill", "web"], "restart": ["restart", "web"], "prune": ["prune", "-q"],
            "rename": ["rename", "web", "shop"],
            "shell-exit": ["shell-exit", "--shell", "bash", "--id", this_shell()]}[operation]


def lie(bench, operation):
    """Returns what is false although the verb ended with 0, or nothing when its status is true."""
    live = bench.sigmund("list", "--porcelain", "--live", "--columns", "name").stdout.split()
    records = bench.keys()
    if operation in ("start", "port", "tty", "send", "restart") and not records:
        return "exit 0, and there is no record"
    if operation == "up" and set(bench.names()) != {"db", "step", "web"}:  # the command itself may have been killed
        return f"exit 0, and recorded are {bench.names()}"
    if operation in ("stop", "kill", "down") and (live or bench.marked()):
        return f"exit 0, and live are {live} {bench.marked()}"
    if operation == "rename" and live != ["shop"]:
        return f"exit 0, and the name is {live}"
    return None


def calls_of(operation, who):
    bench = Bench(operation)
    try:
        words = prepare(bench, operation)
        trace = bench.store + ".trace"
        bench.traced(who, words, [], trace)
        counts = collections.Counter()
        per_process = collections.defaultdict(collections.Counter)
        for line in open(trace, errors="replace"):
            match = re.match(r"(\d+) +([a-z0-9_]+)\(", line)
            if match:
                per_process[match[1]][match[2]] += 1
        for counter in per_process.values():
            for name, count in counter.items():
                counts[name] = max(counts[name], count)
        os.unlink(trace)
        bench.audit()
        return counts
    finally:
        bench.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--budget", type=float, default=1e9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("operations", nargs="*")
    args = parser.parse_args()
    operations = args.operations or OPERATIONS
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cleanup runs
    plan = []
    for operation in operations:
        for who in ["verb"] if operation in (*STARTS, "prune") else ["verb", "guardian"]:
            for call, count in sorted(calls_of(operation, who).items()):
                if call == "exit_group" or call == "execve" and (operation not in STARTS and who == "verb"):
                    continue
                for number in range(1, min(count, 24) + 1):
                    plan.append((operation, who, call, number, "signal=KILL"))
                    for name in ERRNOS.get(call, []):
                        plan.append((operation, who, call, number, "error=" + name))
    random.Random(args.seed).shuffle(plan)
    began = time.monotonic()
    made = short = 0
    for operation, who, call, number, what in plan:
        if time.monotonic() - began > args.budget:
            break
        bench = Bench(operation)
        try:
            words = prepare(bench, operation)
            when = number + (call == "execve" and who == "verb")
            status = bench.traced(who, words, ["-e", f"trace={call}", "-e", f"inject={call}:{what}:when={when}"])
            problems = ["it hangs"] if status is None else []
            if status == 0 and (untrue := lie(bench, operation)):
                problems.append(untrue)
            problems += bench.audit()
        except Exception as error:  # a torn record, a verb that hangs
            problems = [f"{type(error).__name__}: {error}"]
        finally:
            bench.close()
        made += 1
        if problems:
            short += 1
            print(f"{operation}: {who}: {call} #{number} {what}: " + "; ".join(problems), flush=True)
    print(f"{' '.join(operations)}: {made} injections of {len(plan)} possible, {short} fell short (seed {args.seed})")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
