#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Injects SIGKILL and errors into the system calls of launcher and guardian, one at a time, and audits what is left.

usage: inject.py [--budget SECONDS] [--seed N] [OPERATION...]

Operations: start stop kill restart prune rename. Each is traced once to learn its system calls; then it is repeated
with one of them made to fail, or its process killed there. After each: every process that carries a key of the store
is listed, `stop` ends them, `prune` leaves nothing, records are whole, and the exit status is no lie.
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


def running(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Bench:
    """A fresh store, and the proof that nothing is lost in it."""

    def __init__(self):
        self.store = tempfile.mkdtemp(prefix="sgm-inject.", dir="/tmp")
        self.env = dict(os.environ, SIGMUND_STATE_DIR=self.store, SIGMUND_CONFIG="/dev/null")
        self.env.pop("SIGMUND_SHELL_ID", None)

    def sigmund(self, *words, timeout=20):
        return subprocess.run([SIGMUND, *words], env=self.env, capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, check=False)

    def close(self):
        shutil.rmtree(self.store, ignore_errors=True)

    def traced(self, words, options, trace="/dev/null"):
        """The verb under strace; its exit status, or None when it was killed or took too long. The tracer lets go."""
        pid_file = os.path.join(self.store, "..", os.path.basename(self.store) + ".pid")
        shell = ["sh", "-c", 'echo $$ >"$0"; exec "$@"', pid_file, SIGMUND, *words]
        tracer = subprocess.Popen(["strace", "-f", "-qq", "-o", trace, *options, *shell], env=self.env,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 8
        pid = None
        while time.monotonic() < end:
            if pid is None:
                try:
                    pid = int(open(pid_file).read())
                except (OSError, ValueError):
                    pass
            elif not running(pid):
                break
            if tracer.poll() is not None:
                break
            time.sleep(0.005)
        time.sleep(0.03)
        if tracer.poll() is None:
            tracer.send_signal(signal.SIGINT)
        try:
            status = tracer.wait(timeout=3)
        except subprocess.TimeoutExpired:
            tracer.kill()
            status = tracer.wait()
        try:
            os.unlink(pid_file)
        except OSError:
            pass
        return status

    def keys(self):
        out = {}
        for name in os.listdir(self.store):
            if name.endswith(".json"):
                text = open(os.path.join(self.store, name), errors="replace").read()
                record = json.loads(text)  # a torn record is a failure here
                out[record["key"]] = record["id"]
        return out

    def marked(self):
        """Processes that were started from this store: pid -> id by their own environment."""
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
        """What is wrong, one line each."""
        problems = []
        end = time.monotonic() + 3
        while True:  # a leader at its gate goes by itself once its guardian is gone
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
        while True:  # a guardian may be writing its last word
            self.sigmund("prune", "-q", "@all")
            self.sigmund("prune", "-q")
            litter = [name for name in os.listdir(self.store) if name not in ("names", "shells")]
            litter += os.listdir(self.store + "/names") if os.path.isdir(self.store + "/names") else []
            if not litter or time.monotonic() > end:
                break
            time.sleep(0.02)
        if litter:
            problems.append(f"litter after prune: {litter}")
        return problems


def prepare(bench, operation):
    """What must be there before; the words of the verb."""
    if operation == "start":
        return ["-q", "-n", "web", "sleep", "300"]
    bench.sigmund("-q", "-n", "web", "sleep", "300")
    if operation == "prune":
        bench.sigmund("stop", "-q", "web")
    return {"stop": ["stop", "web"], "kill": ["kill", "web"], "restart": ["restart", "web"], "prune": ["prune", "-q"],
            "rename": ["rename", "web", "shop"]}[operation]


def calls_of(operation):
    bench = Bench()
    try:
        words = prepare(bench, operation)
        trace = bench.store + ".trace"
        bench.traced(words, [], trace)
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
    operations = args.operations or ["start", "stop", "kill", "restart", "prune", "rename"]
    plan = []
    for operation in operations:
        for call, count in sorted(calls_of(operation).items()):
            if call in ("exit_group", "execve") and operation != "start":
                continue
            for number in range(1, min(count, 24) + 1):
                plan.append((operation, call, number, "signal=KILL"))
                for name in ERRNOS.get(call, []):
                    plan.append((operation, call, number, "error=" + name))
    random.Random(args.seed).shuffle(plan)
    began = time.monotonic()
    made = short = 0
    for operation, call, number, what in plan:
        if time.monotonic() - began > args.budget:
            break
        bench = Bench()
        try:
            words = prepare(bench, operation)
            status = bench.traced(words, ["-e", f"trace={call}", "-e", f"inject={call}:{what}:when={number + (call == 'execve')}"])
            problems = []
            if operation == "start" and status == 0 and what.startswith("error") and not bench.keys():
                problems.append("exit 0, and there is no record")
            problems += bench.audit()
        except Exception as error:  # a torn record, a verb that hangs
            problems = [f"{type(error).__name__}: {error}"]
        made += 1
        if problems:
            short += 1
            print(f"{operation}: {call} #{number} {what}: " + "; ".join(problems), flush=True)
            for pid in bench.marked():
                os.kill(pid, signal.SIGKILL)
        bench.close()
    print(f"{made} injections of {len(plan)} possible, {short} fell short")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
