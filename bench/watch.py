# SPDX-License-Identifier: Apache-2.0
"""Measures how long it takes until 50,000 files are watched, and the memory that the watcher keeps."""
import os
import time

import rivals
from lib import Row
from proc import children, proc_fields, until

FOLDERS, FILES = 500, 100


def tree(bench):
    """Creates the files and returns their folder."""
    top = bench.folder("watched")
    for number in range(FOLDERS):
        folder = f"{top}/{number}"
        os.mkdir(folder)
        for each in range(FILES):
            with open(f"{folder}/{each}.txt", "w", encoding="ascii"):
                pass
    return top


def said(path, words):
    with open(path, encoding="utf-8", errors="replace") as file:
        return words in file.read()


def below(pid):
    """Returns the processes that descend from PID, and PID."""
    return [pid] + [each for child in children(pid) for each in below(child)]


def timed_watcher(bench, text, words):
    """Starts a watcher by a shell text and measures it until its output has the words. Returns (ms, KB)."""
    out = bench.memory + "/watch.out"
    start = time.perf_counter()
    pid = bench.spawn(["sh", "-c", "exec 2>&1; " + text], out=out)
    until(120, lambda: said(out, words))
    took = (time.perf_counter() - start) * 1e3
    time.sleep(0.2)
    pids = below(pid)
    size = max(proc_fields(each, "smaps_rollup")["Private_Dirty"] for each in pids)
    for each in reversed(pids):
        bench.end(each)
    return took, size


def own_watcher(bench, env, top):
    start = time.perf_counter()
    run_id = bench.start(env, "--watch", top, "--debounce", "10ms", "sleep", "1000")
    took = (time.perf_counter() - start) * 1e3
    # The answer must mean that everything is watched.
    with open(f"{top}/{FOLDERS - 1}/{FILES - 1}.txt", "a", encoding="ascii") as file:
        file.write("x")
    until(10, lambda: bench.record(env, run_id)["restarts"] > 0)
    size = proc_fields(bench.record(env, run_id)["guardian"]["pid"], "smaps_rollup")["Private_Dirty"]
    bench.run([bench.sigmund, "kill", "-q", run_id], env)
    return took, size


def watch_rows(bench):
    top, env = tree(bench), bench.store()
    # entr starts its command once it watches everything; the others say so. nodemon waits with its command.
    ways = {"inotifywait": (f"exec inotifywait -m -r {top}", "Watches established"),
            "entr": (f"find {top} -type f | exec entr -n -r sh -c 'echo ready; exec sleep 1000'", "ready"),
            "nodemon": (f"exec nodemon -V -C --watch {top} --ext txt --exec 'sleep 1000'", " files")}
    found = {name: ([], []) if rivals.has(bench, name) else rivals.no_npm() if name == "nodemon" else "not installed"
             for name in ways}
    own = ([], [])
    for _ in range(2 if bench.quick else 5):
        for name, (text, words) in ways.items():
            if isinstance(found[name], str):
                continue
            bench.settle(0.05)
            for samples, value in zip(found[name], timed_watcher(bench, text, words)):
                samples.append(value)
        bench.settle(0.05)
        for samples, value in zip(own, own_watcher(bench, env, top)):
            samples.append(value)
    bench.drop(env)
    for number, (what, unit) in enumerate(((f"until {FOLDERS * FILES:,} files are watched", "ms"),
                                           (f"memory with {FOLDERS * FILES:,} files watched", "KB"))):
        theirs = {name: each if isinstance(each, str) else each[number] for name, each in found.items()}
        yield Row("watch", what, unit, own[number], theirs, against="inotifywait")
