# SPDX-License-Identifier: Apache-2.0
"""Measures verbs in stores with many records, which are copies of a real one."""
import os
import shutil

from lib import Row
from proc import until
from turns import ANY, Variant, in_turns, take

FLOOR = "reading the files"
NO_ORIGINAL = {"the C original": "not available: its sources cannot be had"}


def fill(bench, env, count):
    """Creates a store of COUNT finished runs: one real record, and copies with other ids and keys. Returns the id of the
    real one."""
    store = env["SIGMUND_STATE_DIR"]
    os.chmod(store, 0o700)
    first = bench.start(env, "true")
    until(10, lambda: bench.record(env, first)["state"] == "exited")
    bench.settle(0.02)
    bench.timed([bench.compiled("fill"), store, f"{store}/{first}.json", first, bench.record(env, first)["key"],
                 str(count - 1), "1"])
    return first


def empty(bench, env):
    """Removes a store without asking sigmund to."""
    shutil.rmtree(env["SIGMUND_STATE_DIR"])
    os.mkdir(env["SIGMUND_STATE_DIR"])
    bench.drop(env)


def listings(bench, env):
    """Returns what is measured beside reading the files of a store."""
    return {FLOOR: Variant([bench.compiled("read_files"), env["SIGMUND_STATE_DIR"]]),
            "list": Variant([bench.sigmund, "list"], env),
            "terminal": Variant([bench.sigmund, "list"], env, terminal=True),
            "json": Variant([bench.sigmund, "list", "--json"], env)}


def list_rows(bench):
    for count in (100, 1000, 10000):
        env = bench.store()
        fill(bench, env, count)
        found = in_turns(bench, listings(bench, env), 5 if bench.quick else 20)
        empty(bench, env)
        floor, most = {FLOOR: take(found, FLOOR)}, count == 10000
        yield Row("list", f"list of {count:,} records", "ms", take(found, "list"), floor | NO_ORIGINAL,
                  1.5 if most else None, FLOOR, against=FLOOR if most else None)
        if most:
            yield Row("list", f"list of {count:,} on a terminal", "ms", take(found, "terminal"), floor, 0.6, FLOOR)
            yield Row("list", f"list --json of {count:,}", "ms", take(found, "json"), floor, 4.0, FLOOR, against=FLOOR)


def target_rows(bench):
    """Measures targets that are no full id, at 10,000 records."""
    env = bench.store()
    first = fill(bench, env, 10000)
    ids = [name[:6] for name in os.listdir(env["SIGMUND_STATE_DIR"]) if name.endswith(".json")]
    prefix = next(first[:length] for length in range(4, 7) if sum(each.startswith(first[:length]) for each in ids) == 1)
    verbs = {f"show {first}": ["show", first], f"show {prefix}": ["show", prefix], "show @": ["show", "@"],
             "stop @all": ["stop", "-q", "@all"], "list @": ["list", "@"]}
    variants = {FLOOR: Variant([bench.compiled("read_files"), env["SIGMUND_STATE_DIR"]])}
    variants |= {name: Variant([bench.sigmund, *words], env, ok=ANY) for name, words in verbs.items()}
    found = in_turns(bench, variants, 5 if bench.quick else 20)
    empty(bench, env)
    floor = {FLOOR: take(found, FLOOR)}
    lines = ("show of a full id", f"show of {len(prefix)} digits of an id", "show @", "stop @all, nothing lives", "list @")
    for name, what in zip(verbs, lines):
        yield Row("targets", f"{what}, 10,000 records", "ms", take(found, name), floor,
                  against=FLOOR if name == "show @" else None)


def prune_in(bench, disk, count, rounds):
    own, rm = [], []
    for _ in range(rounds):
        env = bench.store(disk)
        fill(bench, env, count)
        bench.settle()
        rm.append(bench.timed(["rm", "-r", env["SIGMUND_STATE_DIR"]]) * 1e3)
        os.mkdir(env["SIGMUND_STATE_DIR"], 0o700)
        fill(bench, env, count)
        bench.settle()
        own.append(bench.timed([bench.sigmund, "prune", "-q"], env) * 1e3)
        if any(name.endswith(".json") for name in os.listdir(env["SIGMUND_STATE_DIR"])):
            raise RuntimeError("prune left records")
        bench.drop(env)
    return own, {"rm -r of the same": rm}


def prune_rows(bench):
    count = 1000 if bench.quick else 10000
    elsewhere = "budget: half of the C original, which took {} ms for 10,000 elsewhere"
    for disk in (False, True):
        if disk and not bench.disk:
            continue
        own, rm = prune_in(bench, disk, count, 2 if bench.quick or disk else 5)
        yield Row("prune", f"prune of {count:,} records, {'disk' if disk else 'memory'}", "ms", own, rm | NO_ORIGINAL,
                  against=None if disk else "rm -r of the same", note=elsewhere.format(1563 if disk else 263))
