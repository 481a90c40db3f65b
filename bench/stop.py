# SPDX-License-Identifier: Apache-2.0
"""Measures a stop: of a process that exits at once, of fifty that ignore SIGTERM, of a tree that keeps forking."""
import os
import select
import signal
import struct
import time

import rivals
from lib import Row
from proc import children, until


def kill_seen(bench, pid):
    """Measures kill(1) until a pidfd shows that the process has ended."""
    fd = os.pidfd_open(pid)
    start = time.perf_counter()
    bench.timed(["kill", str(pid)])
    select.select([fd], [], [], 10)
    took = time.perf_counter() - start
    os.close(fd)
    return took


def stop_rows(bench):
    env = bench.store()
    place = bench.folder("stop")
    own, theirs = [], {"kill, seen gone": []}
    ways = {"s6-svc -wd -d": ("s6-supervise", ["s6-svc", "-wd", "-d"]), "sv stop": ("runsv", ["sv", "-w", "5", "stop"])}
    for name, (_, command) in ways.items():
        theirs[name] = [] if rivals.has(bench, command[0]) else "not installed"
    for number in range(10 if bench.quick else 50):
        pid = bench.spawn(["sleep", "1000"])
        until(5, lambda pid=pid: rivals.sleeps(pid))
        bench.settle()
        theirs["kill, seen gone"].append(kill_seen(bench, pid) * 1e3)
        bench.wait(pid)
        for name, (supervisor, command) in ways.items():
            if number >= 10 or isinstance(theirs[name], str):
                continue
            folder = f"{place}/{supervisor}{number}"
            pid = rivals.supervise(bench, supervisor, folder)
            bench.settle(0.02)
            theirs[name].append(bench.timed([*command, folder]) * 1e3)
            bench.end(pid)
        run_id = bench.start(env, "sleep", "1000")
        bench.settle(0.01)
        own.append(bench.timed([bench.sigmund, "stop", "-q", run_id], env) * 1e3)
        bench.settle()
    bench.drop(env)
    yield Row("stop", "stop of one that dies at once", "ms", own, theirs, 2.0)


def stubborn_rows(bench):
    grace, count = (1, 50) if bench.quick else (5, 50)
    env = bench.store()
    own, theirs = [], {}
    for _ in range(1 if bench.quick else 3):
        for _ in range(count):
            bench.start(env, "sh", "-c", "trap '' TERM; exec sleep 1000")
        time.sleep(0.2)
        own.append(bench.timed([bench.sigmund, "stop", "-q", "--timeout", f"{grace}s", "@all"], env))
        bench.settle(0.1)
    bench.drop(env)
    if rivals.has(bench, "sv"):
        place = bench.folder("stubborn")
        folders = [f"{place}/{number}" for number in range(count)]
        pids = [rivals.supervise(bench, "runsv", folder, rivals.STUBBORN) for folder in folders]
        time.sleep(0.2)
        theirs["sv force-stop"] = [bench.timed(["sv", "-w", str(grace), "force-stop", *folders], ok=range(256))]
        for pid in pids:
            bench.end(pid)
    else:
        theirs["sv force-stop"] = "not installed"
    if rivals.has(bench, "supervisorctl"):
        pid, control = rivals.supervisord(bench, bench.memory + "/stubbornd", count, rivals.STUBBORN, grace)
        time.sleep(0.2)
        theirs["supervisorctl stop"] = [bench.timed([*control, "stop", "all"], ok=range(256))]
        bench.end(pid)
    else:
        theirs["supervisorctl stop"] = "not installed"
    theirs["one after another"] = f"by sum {count * grace} s (not run)"
    yield Row("stubborn", f"stop of {count} that ignore SIGTERM, {grace} s grace", "s", own, theirs, grace + 0.2)


BOUND = 20000  # forks, after which the tree ends by itself


def forks_of(path):
    try:
        with open(path, "rb") as file:
            return struct.unpack("i", file.read(4))[0]
    except (OSError, struct.error):
        return 0


def ended_early(bench, path, end):
    """Returns whether END ended a tree, which counts its forks in PATH, before its bound."""
    until(20, lambda: forks_of(path) >= 1000)
    end()
    count = forks_of(path)
    time.sleep(0.05)
    good = forks_of(path) == count < BOUND
    until(30, lambda: still(path))
    return good


def still(path):
    """Checks that nothing forks any more."""
    count = forks_of(path)
    time.sleep(0.05)
    return forks_of(path) == count


def tree_rows(bench):
    helper = os.path.join(bench.helpers, "forktree")
    if not os.path.exists(helper):
        yield Row("tree", "forking tree of 64 chains, ended", "%", [], {}, 100, at_least=True, note="no helper forktree")
        return
    rounds = 3 if bench.quick else 10
    env = bench.store()
    place = bench.folder("tree")
    # With a grace period as long as the life of the tree nothing would be left to end.
    verbs = {"kill": ["kill"], "stop": ["stop", "--timeout", "200ms"]}
    score = {"kill": 0, "stop": 0, "kill -- -GROUP": 0}
    took = {"kill": [], "stop": []}
    for number in range(rounds):
        for verb, times in took.items():
            path = f"{place}/{verb}{number}"
            run_id = bench.start(env, helper, "64", str(BOUND), path)

            def end(verb=verb, run_id=run_id, times=times):
                times.append(bench.timed([bench.sigmund, *verbs[verb], "-q", run_id], env, ok=range(256)) * 1e3)

            score[verb] += ended_early(bench, path, end)
            bench.settle()
        path = f"{place}/group{number}"
        pid = bench.spawn([helper, "64", str(BOUND), path])
        bench.wait(pid)
        score["kill -- -GROUP"] += ended_early(bench, path, lambda pid=pid: kill_group(pid))
        reap(bench)
    bench.drop(env)
    for verb, times in took.items():
        times.sort()
        yield Row("tree", f"forking tree of 64 chains, {verb}", "%", [100 * score[verb] / rounds],
                  {"kill -- -GROUP": [100 * score["kill -- -GROUP"] / rounds]}, 100, at_least=True,
                  note=f"ended {score[verb]} of {rounds} before {BOUND:,} forks, the end of them; within "
                       f"{times[len(times) // 2]:.0f} ms (median), {times[-1]:.0f} ms at most")


def kill_group(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def reap(bench):
    """Reaps the processes of an orphaned tree, which this process has adopted."""
    until(30, lambda: bench.settle() or not [pid for pid in children(os.getpid()) if pid not in bench.kept])
