# SPDX-License-Identifier: Apache-2.0
"""Measures listing and pruning stores with many records, which are copies of a real one."""
import os
import random
import shutil

from lib import Row
from proc import until


def fill(bench, env, count):
    """Creates a store of COUNT finished runs: one real record, and copies with other ids and keys."""
    store = env["SIGMUND_STATE_DIR"]
    os.chmod(store, 0o700)
    first = bench.start(env, "true")
    until(10, lambda: bench.record(env, first)["state"] == "exited")
    bench.settle(0.02)
    with open(f"{store}/{first}.json", encoding="utf-8") as file:
        text = file.read()
    key = bench.record(env, first)["key"]
    generator = random.Random(1)
    ids = generator.sample(range(16 ** 6), count)
    for number in ids[1:]:
        name = f"{number:06x}"
        if name == first:
            continue
        for ending, content in ((".json", text.replace(first, name).replace(key, f"{number:032x}")), (".lock", ""),
                                (".log", "")):
            fd = os.open(f"{store}/{name}{ending}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(fd, content.encode())
            os.close(fd)


def list_rows(bench):
    reader = bench.compiled("read_files")
    for count in (100, 1000, 10000):
        env = bench.store()
        fill(bench, env, count)
        own, floor = [], []
        for number in range((5 if bench.quick else 20) + 1):
            bench.settle()
            took = bench.timed([reader, env["SIGMUND_STATE_DIR"]]), bench.timed([bench.sigmund, "list"], env)
            if number:
                floor.append(took[0] * 1e3)
                own.append(took[1] * 1e3)
        shutil.rmtree(env["SIGMUND_STATE_DIR"])
        os.mkdir(env["SIGMUND_STATE_DIR"])
        bench.drop(env)
        yield Row("list", f"list of {count:,} records", "ms", own,
                  {"reading the files": floor, "the C original": "not available: its sources cannot be had"},
                  1.8 if count == 10000 else None, "reading the files")


def prune_in(bench, disk):
    count = 1000 if bench.quick else 10000
    own, rm = [], []
    for _ in range(2 if bench.quick or disk else 5):
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
    elsewhere = 1563 if disk else 263
    return Row("prune", f"prune of {count:,} records, {'disk' if disk else 'memory'}", "ms", own,
               {"rm -r of the same": rm, "the C original": "not available: its sources cannot be had"}, None,
               "rm -r of the same", note=f"budget: half of the C original, which took {elsewhere} ms for 10,000 elsewhere")


def prune_rows(bench):
    yield prune_in(bench, False)
    if bench.disk:
        yield prune_in(bench, True)
