#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Races against a tree that forks as fast as it can, each process in its own session (helpers/forker).

usage: tree.py [--rounds N] [--bound FORKS] [--seed N] [VERB WIDTH]...

VERB: stop, kill or supervise (whose input ends). A round is won when no process of the tree is left at the answer and
the tree has not reached its bound, at which it ends by itself. Every round must be won, also where real-time priority
is not permitted: 64 chains are as many sessions, and the kernel shares the processors among them and the guardian.
"""
import argparse
import mmap
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

SIGMUND = os.environ["SIGMUND"]
HELPERS = os.environ.get("SIGMUND_HELPERS", os.path.join(os.path.dirname(SIGMUND), "helpers"))
# The number in all. It must be small enough that others still get process numbers.
BOUND = min(60_000, int(open("/proc/sys/kernel/pid_max").read()) * 3 // 4)
ALL = [(verb, width) for verb in ("stop", "kill", "supervise") for width in (1, 8, 64)]


class Round:
    def __init__(self, verb, width, bound):
        self.verb = verb
        self.bound = bound
        self.folder = tempfile.mkdtemp(prefix="sgm-tree.", dir="/tmp")
        self.counter = self.folder + "/forks"
        with open(self.counter, "wb") as file:
            file.write(bytes(8))
        with open(self.counter, "rb") as file:
            self.count = mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ)
        self.env = dict(os.environ, SIGMUND_STATE_DIR=self.folder + "/store", SIGMUND_CONFIG="/dev/null")
        self.env.pop("SIGMUND_SHELL_ID", None)
        self.tree = [HELPERS + "/forker", "--stay", str(width), str(bound), self.counter]

    def forks(self):
        return struct.unpack("Q", self.count[:8])[0]

    def left(self):
        """Returns the processes whose command line names the counter: those of the tree."""
        out = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                words = open(f"/proc/{pid}/cmdline", "rb").read().split(b"\0")
                state = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if state not in "ZX" and words[:1] == [self.tree[0].encode()] and self.counter.encode() in words:
                out.append(int(pid))
        return out

    def sigmund(self, *words):
        return subprocess.run([SIGMUND, *words], env=self.env, capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, check=False)

    def wait_for_forks(self):
        end = time.monotonic() + 20
        while self.forks() < 1000 and time.monotonic() < end:
            time.sleep(0.001)

    def race(self):
        """Returns whether the round was won, the milliseconds, and the number of forks meanwhile."""
        if self.verb == "supervise":
            with open(self.folder + "/events", "wb") as events:
                child = subprocess.Popen(["supervise", "--json", "--", *self.tree], executable=SIGMUND,
                                         stdin=subprocess.PIPE, stdout=events, env=self.env)
            self.wait_for_forks()
            before = self.forks()
            began = time.monotonic()
            child.stdin.close()
            status = child.wait(timeout=120)
        else:
            run = self.sigmund("-q", "--", *self.tree).stdout.strip()
            self.wait_for_forks()
            before = self.forks()
            began = time.monotonic()
            words = ["stop", "--timeout", "100ms", run] if self.verb == "stop" else ["kill", run]
            status = self.sigmund(*words).returncode
        took = (time.monotonic() - began) * 1000
        forks = self.forks()
        left = self.left()
        return status == 0 and not left and forks < self.bound, took, forks - before, status, left

    def close(self):
        end = time.monotonic() + 60
        while (left := self.left()) and time.monotonic() < end:
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
        if os.path.isdir(self.folder + "/store"):
            self.sigmund("kill", "-q", "@all")
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--bound", type=int, default=BOUND)
    parser.add_argument("--seed", type=int, default=1)  # a race does not repeat with a seed
    parser.add_argument("what", nargs="*")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lost = 0
    for verb, width in zip(args.what[::2], map(int, args.what[1::2])) if args.what else ALL:
        won, times, most = 0, [], 0
        for number in range(args.rounds):
            race = Round(verb, width, args.bound)
            try:
                ok, took, forks, status, left = race.race()
            finally:
                race.close()
            won += ok
            times.append(took)
            most = max(most, forks)
            if not ok:
                print(f"{verb} {width}: lost: exit {status}, {forks} forks in {took:.0f} ms, {len(left)} left", flush=True)
        lost += won < args.rounds
        times.sort()
        print(f"{verb} {width}: {won}/{args.rounds} won, {times[len(times) // 2]:.0f} ms median, {times[-1]:.0f} ms at most, "
              f"{most} forks meanwhile at most", flush=True)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
