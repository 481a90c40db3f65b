# SPDX-License-Identifier: Apache-2.0
"""Measures what a terminal of its own costs: the echo of a key through attach, output with a viewer that does not read,
and the guardian's memory."""
import os
import pty
import random
import select
import signal
import time
import tty

import rivals
from lib import LIMIT, Row
from proc import proc_fields

ECHO = ["sh", "-c", "stty raw -echo; printf up; exec cat"]


class Viewer:
    """A command on a terminal, as a person has one."""

    def __init__(self, bench, argv, env):
        self.bench = bench
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            tty.setraw(0)
            os.execvpe(argv[0], argv, env)
        bench.kept.add(self.pid)

    def expect(self, wanted):
        """Reads until this text comes."""
        seen, give_up = b"", time.monotonic() + LIMIT
        while wanted not in seen:
            if time.monotonic() > give_up:
                raise RuntimeError(f"{wanted!r} does not come: {seen[-200:]!r}")
            if select.select([self.master], [], [], 1)[0]:
                seen += os.read(self.master, 65536)

    def echo(self, key):
        """Returns how many milliseconds a key takes to come back."""
        start = time.perf_counter()
        os.write(self.master, key)
        self.expect(key)
        return (time.perf_counter() - start) * 1e3

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        self.bench.wait(self.pid)
        os.close(self.master)


def echo_rows(bench):
    """Keys are typed in turns, so that a busy moment of the machine meets all of them."""
    rounds = 100 if bench.quick else 500
    env = bench.store()
    viewers = {"a bare terminal": Viewer(bench, ECHO, env)}
    bench.start(env, "-n", "echo", "--tty", "--ready", "log:up", "--", *ECHO)
    viewers["sigmund"] = Viewer(bench, [bench.sigmund, "attach", "echo"], env)
    if rivals.has(bench, "dtach"):
        socket = bench.folder("dtach") + "/socket"
        bench.run(["dtach", "-n", socket, *ECHO], env)
        viewers["dtach"] = Viewer(bench, ["dtach", "-a", socket, "-E"], env)
    samples = {name: [] for name in viewers}
    viewers["a bare terminal"].expect(b"up")
    time.sleep(0.5)  # the others have drawn their first screen
    order = list(viewers)
    for number in range(rounds):
        random.shuffle(order)
        for name in order:
            samples[name].append(viewers[name].echo(b"%06d." % number))
    for viewer in viewers.values():
        viewer.close()
    bench.drop(env)
    own, bare = samples.pop("sigmund"), samples["a bare terminal"]
    samples.setdefault("dtach", "not installed")
    yield Row("terminal", "echo of a key through attach", "ms", own, samples, against="dtach")
    yield Row("terminal", "echo, more than without", "ms", [a - b for a, b in zip(own, bare)], budget=2.0)


def viewer_rows(bench):
    """A terminal that is attached, and stopped, must not slow the run down."""
    size = (20 if bench.quick else 200) * 1000 * 1000
    env, place = bench.store(), bench.folder("viewers")
    lines = bench.lines(place, size)
    script = f"while [ ! -e {place}/go ]; do sleep 0.01; done; exec cat {lines}"
    found = {"sigmund": [], "nobody attached": []}
    for _ in range(3 if bench.quick else 7):
        for name, samples in found.items():
            bench.start(env, "-n", "big", "--tty", "--", "sh", "-c", script)
            viewer = None
            if name == "sigmund":
                viewer = Viewer(bench, [bench.sigmund, "attach", "big"], env)
                viewer.expect(b"to detach")
                os.kill(viewer.pid, signal.SIGSTOP)
            start = time.perf_counter()
            with open(place + "/go", "w", encoding="ascii"):
                pass
            bench.run([bench.sigmund, "wait", "big"], env)
            samples.append((time.perf_counter() - start) * 1e3)
            os.unlink(place + "/go")
            if viewer:
                viewer.close()
            bench.run([bench.sigmund, "prune", "-q"], env)
            bench.settle()
    os.unlink(lines)
    bench.drop(env)
    yield Row("terminal", f"{size // 1000000} MB, --tty, a stopped viewer", "ms", found.pop("sigmund"), found, 1.1,
              "nobody attached")


def memory_rows(bench):
    env = bench.store()
    dirty = {}
    for name, options in (("plain", []), ("--tty", ["--tty"])):
        ids = [bench.start(env, *options, "--", "sleep", "1000") for _ in range(10)]
        bench.settle(0.3)
        dirty[name] = [proc_fields(bench.record(env, each)["guardian"]["pid"], "smaps_rollup")["Private_Dirty"]
                       for each in ids]
    bench.drop(env)
    yield Row("terminal", "guardian, Private_Dirty, --tty", "KB", dirty["--tty"], {"plain": dirty["plain"]}, paired=False)
    yield Row("terminal", "guardian, more than without --tty", "KB",
              [a - b for a, b in zip(sorted(dirty["--tty"]), sorted(dirty["plain"]))], budget=40)


def terminal_rows(bench):
    yield from echo_rows(bench)
    yield from viewer_rows(bench)
    yield from memory_rows(bench)
