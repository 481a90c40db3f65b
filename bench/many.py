# SPDX-License-Identifier: Apache-2.0
"""Measures two extremes: a store of 100,000 records, and 1,000 runs that live at the same time."""
import os
import select
import signal
import time

import records
import rivals
import shells
from lib import Row
from proc import proc_fields
from turns import Variant, in_turns, take


def record_rows(bench):
    count = 100000
    env = bench.store()
    records.fill(bench, env, count)
    sizes, small_sizes, rounds = {}, {}, 2 if bench.quick else 5
    found = in_turns(bench, records.listings(bench, env), rounds, sizes=sizes)
    floor = {records.FLOOR: take(found, records.FLOOR)}
    for name, what in (("list", "list"), ("terminal", "list on a terminal"), ("json", "list --json")):
        yield Row("records", f"{what} of {count:,}" + " records" * (name == "list"), "ms", take(found, name), floor,
                  {"list": 1.5, "terminal": 0.6, "json": 4.0}[name], records.FLOOR)
    small = bench.store()
    records.fill(bench, small, 1000)
    in_turns(bench, records.listings(bench, small), rounds, sizes=small_sizes)
    records.empty(bench, small)
    for name, what in (("list", "list"), ("json", "list --json")):
        yield Row("records", f"{what} of {count:,}: peak memory", "KB", sizes[name], {"the same of 1,000": small_sizes[name]})
    for shell in shells.shells(bench):
        yield shells.tab_row(bench, env, shell, "show", f"TAB on run ids, {count:,} records", 3 if bench.quick else 10, 1,
                             name="records")
    records.empty(bench, env)
    own, rm = records.prune_in(bench, False, count, 1 if bench.quick else 3)
    yield Row("records", f"prune of {count:,} records, memory", "ms", own, rm)


def seen_gone(pids, end):
    """Returns the milliseconds from END until all processes have ended."""
    poll = select.poll()
    fds = [os.pidfd_open(pid) for pid in pids]
    for fd in fds:
        poll.register(fd, select.POLLIN)
    start = time.perf_counter()
    end()
    left = set(fds)
    while left:
        for fd, _ in poll.poll(10000):
            poll.unregister(fd)
            left.discard(fd)
    took = time.perf_counter() - start
    for fd in fds:
        os.close(fd)
    return took * 1e3


def sleepers_gone(bench, count):
    """Measures kill(2) of as many processes, until the last has ended."""
    pids = [bench.spawn(["sleep", "1000"]) for _ in range(count)]
    time.sleep(0.5)
    took = seen_gone(pids, lambda: [os.kill(pid, signal.SIGTERM) for pid in pids])
    for pid in pids:
        bench.wait(pid)
    return took


def memory_of(pids):
    """Returns the KB of each process: Private_Dirty and PSS."""
    maps = [proc_fields(pid, "smaps_rollup") for pid in pids]
    return [each["Private_Dirty"] for each in maps], [each["Pss"] for each in maps]


def supervised(bench, name, count, stop=None):
    """Starts COUNT supervisors. Returns what memory_of says, and the milliseconds that the command STOP takes for all."""
    place = bench.folder("live-" + name)
    folders = [f"{place}/{number}" for number in range(count)]
    pids = [rivals.supervise(bench, name, folder) for folder in folders]
    memory = memory_of(pids)
    took = [bench.timed([*stop, *folders]) * 1e3] if stop else []
    for pid in pids:
        bench.end(pid)
    return memory, took


def live_rows(bench):
    count = 200 if bench.quick else 1000
    beside = f"beside {count:,} live runs"
    env, empty = bench.store(), bench.store()
    guardians = [bench.record(env, bench.start(env, "sleep", "1000"))["guardian"]["pid"] for _ in range(count)]
    memory = memory_of(guardians)

    found = in_turns(bench, {
        "sigmund": Variant([bench.sigmund, "true"], env), "in an empty store": Variant([bench.sigmund, "true"], empty),
        "setsid -f": Variant(["setsid", "-f", "true"])}, 10 if bench.quick else 50)
    yield Row("live", f"start {beside}", "ms", take(found, "sigmund"), found, against="in an empty store")
    bench.run([bench.sigmund, "prune", "-q"], env)
    found = in_turns(bench, records.listings(bench, env), 5 if bench.quick else 20)
    yield Row("live", f"list of {count:,} live runs", "ms", take(found, "list"), {records.FLOOR: take(found, records.FLOOR)})

    own, gone = [], []
    for number in range(1 if bench.quick else 3):
        for _ in range(count if number else 0):
            bench.start(env, "sleep", "1000")
        bench.settle(0.1)
        own.append(bench.timed([bench.sigmund, "stop", "-q", "@all"], env) * 1e3)
        bench.settle(0.1)
        gone.append(sleepers_gone(bench, count))
    bench.drop(env)
    bench.drop(empty)

    theirs = {"runsv": "not installed", "s6-supervise": "not installed"}
    stopped = {"kill, seen gone": gone, "sv stop (runit)": "not installed"}
    if rivals.has(bench, "runsv"):
        theirs["runsv"], stopped["sv stop (runit)"] = supervised(bench, "runsv", count, ["sv", "-w", "60", "stop"])
    if rivals.has(bench, "s6-supervise"):
        theirs["s6-supervise"], _ = supervised(bench, "s6-supervise", count)
    yield Row("live", f"stop @all of {count:,} live runs", "ms", own, stopped, 2000, against="sv stop (runit)", paired=False)
    for number, what in enumerate(("Private_Dirty", "PSS")):
        others = {name: each if isinstance(each, str) else each[number] for name, each in theirs.items()}
        yield Row("live", f"guardian, {what}, {count:,} runs", "KB", memory[number], others, paired=False)
