# SPDX-License-Identifier: Apache-2.0
"""Measures a stop: of a process that exits at once, of fifty that ignore SIGTERM, of a tree that keeps forking."""
import os
import signal
import struct
import time

import rivals
from lib import Row
from proc import children, until
from turns import NOT_INSTALLED, Variant, in_turns, take


def stop_rows(bench):
    """Each way has a command of its own, which is started again before each round."""
    env = bench.store()
    place = bench.folder("stop")
    slow = 3 if bench.quick else 10
    variants = {"sigmund": Variant([bench.sigmund, "stop", "-q", "{}"], env, before="exec sigmund -q sleep 1000"),
                "kill, seen gone": Variant(["kill", "{}"], before="setsid sleep 1000 >/dev/null & sleep 0.01; echo $!",
                                           until_gone=True)}
    for name, supervisor, start, stop in (
            ("s6-svc -wd -d", "s6-supervise", "s6-svc -wu -u", "s6-svc -wd -d"),
            ("sv stop (runit)", "runsv", "sv -w 5 start", "sv -w 5 stop")):
        folder = f"{place}/{supervisor}"
        if rivals.has(bench, supervisor):
            rivals.supervise(bench, supervisor, folder)
            variants[name] = Variant([*stop.split(), folder], before=f"{start} {folder}; sleep 0.02", rounds=slow)
        else:
            variants[name] = NOT_INSTALLED
    variants["supervisorctl stop"] = NOT_INSTALLED
    if rivals.has(bench, "supervisord"):
        _, control = rivals.supervisord(bench, place + "/supervisord", 1)
        variants["supervisorctl stop"] = Variant([*control, "stop", "p:0"], rounds=slow,
                                                 before=f"{' '.join(control)} start p:0 >/dev/null; true")
    variants["pm2 stop"] = rivals.no_npm()
    if rivals.has(bench, "pm2"):
        variants["pm2 stop"] = Variant(["pm2", "stop", "t"], rivals.pm2(bench, place + "/pm2"), rounds=slow,
                                       before="pm2 start /bin/sleep --name t --interpreter none -- 1000 >/dev/null",
                                       after="pm2 delete t >/dev/null")
    found = in_turns(bench, variants, 10 if bench.quick else 50)
    own = take(found, "sigmund")
    bench.drop(env)
    yield Row("stop", "stop of one that dies at once", "ms", own, found, 1.3, "kill, seen gone", against="s6-svc -wd -d",
              note="kill, seen gone: kill(1), until the process has ended; it knows nothing of other processes")


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
    yield Row("stubborn", f"stop of {count} that ignore SIGTERM, {grace} s grace", "s", own, theirs, grace + 0.1,
              against="supervisorctl stop", paired=False)


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
