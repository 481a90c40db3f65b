# SPDX-License-Identifier: Apache-2.0
"""Measures what supervising a run costs while nothing happens: memory and wake-ups."""
import statistics
import time

import rivals
from lib import Row
from proc import proc_fields

NAMES = [*rivals.INITS, *rivals.SUPERVISORS]


def started(bench, count):
    """Returns (environment, {name: [pids] or reason}) for COUNT processes of each kind, which live at the same time."""
    env = bench.store()
    ids = [bench.start(env, "sleep", "1000") for _ in range(count)]
    found = {"sigmund": [bench.record(env, each)["guardian"]["pid"] for each in ids]}
    place = bench.folder(f"idle{time.monotonic_ns()}")
    for name in NAMES:
        if not rivals.has(bench, (rivals.SUPERVISORS | rivals.INITS)[name][0]):
            found[name] = "not installed"
            continue
        found[name] = [rivals.supervise(bench, name, f"{place}/{name}{number}") for number in range(count)]
    if rivals.has(bench, "supervisord"):
        found["supervisord"] = [rivals.supervisord(bench, place + "/supervisord", count)[0]]
    else:
        found["supervisord"] = "not installed"
    bench.settle(0.3)
    return env, found


def ended(bench, env, found):
    for name, pids in found.items():
        if name != "sigmund" and not isinstance(pids, str):
            for pid in pids:
                bench.end(pid)
    bench.drop(env)
    bench.settle()


def memory(bench, count):
    env, found = started(bench, count)
    dirty, shared = {}, {}
    for name, pids in found.items():
        if isinstance(pids, str):
            dirty[name] = shared[name] = pids
            continue
        maps = [proc_fields(pid, "smaps_rollup") for pid in pids]
        # One supervisord serves all of them, so its memory is divided.
        part = count if name == "supervisord" else 1
        dirty[name] = [each["Private_Dirty"] / part for each in maps]
        shared[name] = [each["Pss"] / part for each in maps]
    ended(bench, env, found)
    for what, values, budget in (("Private_Dirty", dirty, 80), ("PSS", shared, 140)):
        own = values.pop("sigmund")
        yield Row("memory", f"guardian, {what}, {count} runs", "KB", own, values, budget if count == 10 else None,
                  against="runsv" if count == 10 else None, paired=False)


def memory_rows(bench):
    for count in (1, 10, 50):
        yield from memory(bench, count)


def wakeups(pid):
    fields = proc_fields(pid, "status")
    return fields["voluntary_ctxt_switches"] + fields["nonvoluntary_ctxt_switches"]


def idle_rows(bench):
    seconds = 3 if bench.quick else 10
    count = 3
    env, found = started(bench, count)
    time.sleep(1)  # lets the work of the start end
    before = {pid: wakeups(pid) for pids in found.values() if not isinstance(pids, str) for pid in pids}
    time.sleep(seconds)
    counts = {name: pids if isinstance(pids, str) else [(wakeups(pid) - before[pid]) * 10 / seconds for pid in pids]
              for name, pids in found.items()}
    ended(bench, env, found)
    own = counts.pop("sigmund")
    yield Row("idle", "guardian, wake-ups in 10 idle s", "", own, counts, 0, paired=False,
              note="" if statistics.median(own) == max(own) else f"at most {max(own):g}")
