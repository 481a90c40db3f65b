#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Process numbers that are reused by other processes: rounds of it, as pid 1 of a small PID namespace.

usage: unshare --pid --fork --mount-proc python3 reuse.py [--seconds S] [--seed N]

In each round a run loses its guardian and its leader, the leader's number (or only its group's, or the guardian's)
goes to another process, and a verb is told to end the run: before, after, or while that happens. The other process
must live.
"""
import argparse
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SIGMUND = os.environ["SIGMUND"]
STORE = tempfile.mkdtemp(prefix="sgm-reuse.", dir="/tmp")
ENV = dict(os.environ, SIGMUND_STATE_DIR=STORE, SIGMUND_CONFIG="/dev/null")
VERBS = [["stop", "--timeout", "50ms"], ["kill"], ["killcmd"], ["signal", "TERM"]]
counts = collections.Counter()


def begin(*words):
    return subprocess.Popen([SIGMUND, *words], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def reap():
    """Reaps the orphans of the namespace, as its pid 1 must."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def stranger_with(number, group_only):
    """Makes another process with that number, as leader of its own session; or a child in its group while the number
    is free."""
    for _ in range(300):
        with open("/proc/sys/kernel/ns_last_pid", "w") as file:
            file.write(str(number - 1))
        ready, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.setsid()
            member = os.fork() if group_only and os.getpid() == number else 0
            if member == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                os.write(told, f"{os.getpid()}\n".encode())
                os.close(told)
                time.sleep(60)
            os._exit(0)
        os.close(told)
        with os.fdopen(ready) as answer:
            owner = int(answer.readline())
        if pid == number:
            if group_only:
                os.waitpid(pid, 0)
            return owner
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return None


def lives(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    while lives(pid):
        reap()
        time.sleep(0.0005)


def one_round(dice):
    """Returns what went wrong, or None."""
    out = subprocess.run([SIGMUND, "-q", "sleep", "300"], env=ENV, capture_output=True, text=True, check=True)
    run = out.stdout.strip()
    record = json.load(open(f"{STORE}/{run}.json"))
    leader, guardian = record["pid"], record["guardian"]["pid"]
    shape = dice.choice(["leader", "group", "guardian", "race"])
    verb = dice.choice(VERBS)
    words = [*verb, run] if verb[0] != "signal" else ["signal", "TERM", run]
    client = None
    if shape == "race":
        os.kill(guardian, signal.SIGSTOP if dice.random() < 0.3 else signal.SIGKILL)
        client = begin(*words)
        time.sleep(dice.random() * 0.012)
    end(guardian)
    end(leader)
    bury([leader, guardian])
    number = guardian if shape == "guardian" else leader
    stranger = stranger_with(number, shape == "group")
    if stranger is None:
        counts["number not got"] += 1
    else:
        counts[shape] += 1
    status = (client or begin(*words)).wait(timeout=20)
    wrong = None
    if stranger and not lives(stranger):
        wrong = f"{shape}: {' '.join(words)} hit the stranger"
    elif shape == "leader" and stranger and status != 2:
        wrong = f"{shape}: {' '.join(words)}: exit {status}"
    if stranger:
        end(stranger)
    reap()
    return wrong


def bury(numbers):
    """Waits until no process has these numbers, without reaping any other process."""
    for number in numbers:
        while os.path.exists(f"/proc/{number}"):
            try:
                os.waitpid(number, os.WNOHANG)
            except ChildProcessError:
                pass
            time.sleep(0.0005)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    began = time.monotonic()
    rounds = wrongs = 0
    while time.monotonic() - began < args.seconds:
        rounds += 1
        if rounds % 20 == 0:
            subprocess.run([SIGMUND, "prune", "-q", "--force"], env=ENV, check=False, capture_output=True)
        if wrong := one_round(dice):
            wrongs += 1
            print(wrong, flush=True)
    print(f"{rounds} rounds, {wrongs} wrong (seed {args.seed}): {dict(counts)}")
    return 1 if wrongs or not rounds else 0


if __name__ == "__main__":
    try:
        result = main()
    finally:
        shutil.rmtree(STORE, ignore_errors=True)
    sys.exit(result)
