#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many verbs at once on one store while guardians are killed, and then an audit of /proc against the store.

usage: load.py [--seconds S] [--concurrent N] [--seed N]

First there are N starts at once. Then, for S seconds, up to N verbs of every kind run at a time, on random runs,
whose guardians are SIGKILLed now and then, before the verb or while it works. At the end every process that carries a
key of the store must belong to a record that says that the run lives, every record that says running must be right,
`stop` must end all runs, and `prune` must leave nothing.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

SIGMUND = os.environ["SIGMUND"]
STORE = tempfile.mkdtemp(prefix="sgm-load.", dir="/tmp")
ENV = dict(os.environ, SIGMUND_STATE_DIR=STORE, SIGMUND_CONFIG="/dev/null")
ENV.pop("SIGMUND_SHELL_ID", None)
LIVE = ("starting", "running", "paused", "stopping", "backoff")
COMMANDS = [
    ["sleep", "300"], ["true"], ["sh", "-c", "exit 3"], ["sh", "-c", "setsid sleep 300 & exec sleep 300"],
    ["sh", "-c", "(setsid sleep 300 &) ; exit 0"], ["sh", "-c", "trap '' TERM; sleep 300"], ["sleep", "0.1"],
    ["/nonexistent"],
]
# The exit statuses by verb that are expected while others work on the same runs and guardians and launchers die.
EXPECTED = {
    "start": {0, 1, 125, 127}, "stop": {0, 5}, "kill": {0, 5}, "restart": {0, 1, 5, 125, 127}, "prune": {0},
    "list": {0}, "rename": {0, 1, 5}, "show": {0, 5}, "signal": {0, 1, 5},
}

problems = []
counts = collections.Counter()
ids = []
lock = threading.Lock()


def problem(text):
    with lock:
        problems.append(text)
    print("# " + text, flush=True)


def sigmund(*words):
    return subprocess.run([SIGMUND, *words], env=ENV, capture_output=True, text=True, timeout=90,
                          stdin=subprocess.DEVNULL, check=False)


def processes():
    """Returns the processes that have this store in their environment: pid -> (key, run, file of the program)."""
    out = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            entries = open(f"/proc/{pid}/environ", "rb").read().split(b"\0")
            state = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0]
            if state in "ZX" or ("SIGMUND_STATE_DIR=" + STORE).encode() not in entries:
                continue
            marks = dict(entry.split(b"=", 1) for entry in entries if b"=" in entry)
            out[int(pid)] = (marks.get(b"SIGMUND_KEY", b"").decode(), marks.get(b"SIGMUND_RUN", b"").decode(),
                             os.readlink(f"/proc/{pid}/exe"))
        except (OSError, ValueError):
            continue
    return out


def verb(kind, *words):
    if random.random() < 0.03:  # this launcher is killed
        killed = subprocess.Popen([SIGMUND, *words], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        time.sleep(random.random() * 0.03)
        killed.kill()
        killed.wait()
        with lock:
            counts["launcher", "SIGKILL"] += 1
        return None
    try:
        result = sigmund(*words)
    except subprocess.TimeoutExpired:
        problem(f"{' '.join(words)}: hangs")
        return None
    with lock:
        counts[kind, result.returncode] += 1
    # Guardians are killed here. A process that escaped may belong to any run whose guardian was killed.
    unsure = kind in ("stop", "kill") and result.returncode == 4 and "which cannot be proven" in result.stderr
    if not unsure and result.returncode not in EXPECTED[kind] | {-signal.SIGKILL}:
        problem(f"{' '.join(words)}: exit {result.returncode}: {result.stderr.strip()[:300]}")
    return result


def start(dice):
    name = ["-n", f"n{dice.randrange(40)}"] if dice.random() < 0.3 else []
    result = verb("start", "-q", *name, *dice.choice(COMMANDS))
    if result and result.returncode == 0:
        with lock:
            ids.append(result.stdout.strip())


def end(kind, target, look):
    result = verb(kind, kind, "-q", *([] if kind == "kill" else ["--timeout", "300ms"]), target)
    if look and result and result.returncode == 0:
        left = [pid for pid, (_, run, _) in processes().items() if run == target]
        if left:
            problem(f"{kind} {target}: exit 0, and {left} live: {[command(pid) for pid in left]}")


def command(pid):
    try:
        return open(f"/proc/{pid}/cmdline").read().replace("\0", " ")
    except OSError:
        return "gone"


def is_guardian(guardian):
    try:
        fields = open(f"/proc/{guardian['pid']}/stat").read().rsplit(")", 1)[1].split()
    except OSError:
        return False
    return fields[0] not in "ZX" and int(fields[19]) == guardian["start_ticks"]


def kill_guardian(target):
    """Kills the guardian of that run, which is pinned before it is checked."""
    try:
        guardian = json.load(open(f"{STORE}/{target}.json"))["guardian"]
        pidfd = os.pidfd_open(guardian["pid"])
        if is_guardian(guardian):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            with lock:
                counts["guardian", "SIGKILL"] += 1
        os.close(pidfd)
    except (OSError, KeyError, TypeError):
        pass  # it has ended


def anything(seed, most):
    """Runs one verb on a random run."""
    dice = random.Random(seed)
    with lock:
        target = ids[dice.randrange(len(ids))] if ids else "none"
        many = len(ids) > most
        if many and dice.random() < 0.6:
            ids.remove(target)
    if dice.random() < 0.1:
        kill_guardian(target)
    roll = dice.random()
    if roll < (0.1 if many else 0.4):
        start(dice)
    elif roll < 0.62:
        end("stop", target, dice.random() < 0.2)
    elif roll < 0.72:
        end("kill", target, dice.random() < 0.2)
    elif roll < 0.80:
        verb("restart", "restart", "--timeout", "300ms", target)
    elif roll < 0.86:
        verb("prune", "prune", "-q")
    elif roll < 0.92:
        result = verb("list", "list", "--json")
        if result and result.returncode == 0:
            json.loads(result.stdout)
    elif roll < 0.95:
        verb("show", "show", target, "--json")
    elif roll < 0.97:
        verb("signal", "signal", "USR1", target)
    else:
        verb("rename", "rename", target, f"n{dice.randrange(40)}")


def states():
    lines = sigmund("list", "--porcelain", "--columns", "id,state").stdout.splitlines()
    return dict(line.split("\t")[:2] for line in lines)


def untrue():
    """Returns the contradictions between the store and /proc."""
    keys = {}
    for name in os.listdir(STORE):
        if name.endswith(".json"):
            record = json.load(open(os.path.join(STORE, name)))  # a torn record raises an exception
            keys[record["key"]] = record["id"]
    before = processes()
    told = states()
    after = processes()
    out = []
    for pid in before.keys() & after.keys():
        key, run, _ = before[pid]
        if key and told.get(keys.get(key)) not in LIVE:
            out.append(f"process {pid} ({command(pid)}) of run {run}, which is {told.get(keys.get(key))}")
    alive = {key for key, _, _ in after.values()}
    for key, run in keys.items():
        if told.get(run) in ("running", "paused") and key not in alive and key not in {k for k, _, _ in before.values()}:
            out.append(f"run {run} says {told[run]}, and nothing of it lives")
    return out


def audit():
    deadline = time.monotonic() + 10  # a process that waited for the end of a guardian or launcher ends by itself
    while (wrong := untrue()) and time.monotonic() < deadline:
        time.sleep(0.1)
    for text in wrong:
        problem(text)
    told = states()
    guardians = [json.load(open(f"{STORE}/{run}.json"))["guardian"] for run in told]
    result = sigmund("stop", "-q", "--timeout", "300ms", "@all")
    unsure = result.returncode == 4 and "which cannot be proven" in result.stderr
    if not unsure and result.returncode not in (0, 1) or result.returncode == 1 and any(s in LIVE for s in told.values()):
        problem(f"stop @all: exit {result.returncode}: {result.stderr.strip()[:500]}")
    for pid, (key, run, _) in processes().items():
        if key:
            problem(f"left after stop: {pid} ({command(pid)}) of run {run}")
    deadline = time.monotonic() + 10  # a guardian may be answering a last time
    while True:
        sigmund("prune", "-q")
        litter = [name for name in os.listdir(STORE) if name not in ("names", "shells")]
        litter += os.listdir(STORE + "/names") if os.path.isdir(STORE + "/names") else []
        left = list(processes()) + [each["pid"] for each in guardians if each and is_guardian(each)]
        if not litter and not left or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    if litter:
        problem(f"left after prune: {sorted(litter)[:20]}")
    if left:
        problem(f"processes in the end: {[(pid, command(pid)) for pid in left]}")
    print(f"audit: {len(told)} records, of which {sum(s in LIVE for s in told.values())} live; {len(problems)} problems")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--concurrent", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    random.seed(args.seed)
    dice = random.Random(args.seed)
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(args.concurrent) as pool:
        list(pool.map(lambda seed: start(random.Random(seed)), [dice.random() for _ in range(args.concurrent)]))
        print(f"{args.concurrent} starts at once: {time.monotonic() - began:.1f} s", flush=True)
        began = time.monotonic()
        pending = set()
        while time.monotonic() - began < args.seconds:
            while len(pending) < args.concurrent:
                pending.add(pool.submit(anything, dice.random(), args.concurrent // 2))
            done, pending = concurrent.futures.wait(pending, 0.1, concurrent.futures.FIRST_COMPLETED)
            for each in done:
                each.result()
        for each in pending:
            each.result()
    print(f"{sum(counts.values())} verbs and kills in {time.monotonic() - began:.1f} s (seed {args.seed}): "
          + ", ".join(f"{kind} {status}: {count}" for (kind, status), count in sorted(counts.items(), key=str)), flush=True)
    audit()
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        status = main()
    finally:
        for pid in processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        shutil.rmtree(STORE, ignore_errors=True)
    sys.exit(status)
