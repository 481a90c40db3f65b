# SPDX-License-Identifier: Apache-2.0
"""The base of all benchmarks: scratch folders, processes that are timed and always ended, rows of results.

The driver is a subreaper: all processes that a rival leaves become its children, so it can end them by their ids at
the end, also after Ctrl-C. Every wait has a time limit.
"""
import ctypes
import json
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from proc import Late, children, on_tmpfs, quiet

PR_SET_CHILD_SUBREAPER = 36
LIMIT = 120  # seconds that one command may take


@dataclass
class Row:
    """One line of the table. Samples are in `unit`. The value of a rival that is not available is the reason."""

    name: str  # the name of the benchmark, for --only
    what: str
    unit: str
    own: list
    rivals: dict = field(default_factory=dict)
    budget: float = None  # None: the line is for information only
    rival: str = None  # the budget is a multiple of this rival; None: it is a number in `unit`
    at_least: bool = False  # the budget is a minimum
    against: str = None  # the rival beside which the picture shows this line; None: the picture leaves it out
    paired: bool = True  # samples with the same index were measured in the same round
    note: str = ""
    machine: dict = None

    def times(self, rival):
        """Returns the ratio to a rival, from the pairs of each round. A slow rival may have taken part in fewer rounds."""
        other = self.rivals.get(rival)
        if not self.own or not isinstance(other, list) or not other:
            return None
        if not self.paired:
            middle = statistics.median(other)
            return statistics.median(self.own) / middle if middle > 0 else None
        if min(other) <= 0:
            return None
        return statistics.median(a / b for a, b in zip(self.own, other))

    def measured(self):
        """Returns the value that the budget limits: the ratio or the median."""
        if self.rival:
            return self.times(self.rival)
        return statistics.median(self.own) if self.own else None

    def verdict(self):
        value = self.measured()
        if self.budget is None:
            return ""
        if value is None:
            return "not measured"
        good = value >= self.budget if self.at_least else value <= self.budget
        return "kept" if good else "MISSED"


class Bench:
    """The scratch folders and the processes of one run of the benchmarks."""

    def __init__(self, sigmund, helpers, source, quick):
        self.sigmund, self.helpers, self.source, self.quick = sigmund, helpers, source, quick
        self.memory = self.disk = None
        self.stores = []
        self.patience = 0.0  # seconds for which this benchmark may still wait for an idle machine
        self.kept = set()  # pids that have their own wait
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.signal(signal.SIGALRM, self._late)
        base = "/dev/shm" if os.access("/dev/shm", os.W_OK) and on_tmpfs("/dev/shm") else None
        self.memory = tempfile.mkdtemp(prefix="sgmb.", dir=base)
        self.no_tmpfs = "" if base else "no /dev/shm to write to"
        self.no_disk = "no disk found: /var/tmp and $TMPDIR are in memory"
        for place in (os.environ.get("TMPDIR"), "/var/tmp", os.path.expanduser("~")):
            if place and os.access(place, os.W_OK) and not on_tmpfs(place):
                self.disk = tempfile.mkdtemp(prefix="sgmb.", dir=place)
                self.no_disk = ""
                break
        home, binaries = self.folder("home"), self.folder("bin")
        os.symlink(sigmund, binaries + "/sigmund")
        path = [binaries, "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        if os.environ.get("SIGMUND_BENCH_NPM"):  # the rivals that npm has installed, and the node that they need
            path += [os.environ["SIGMUND_BENCH_NPM"] + "/node_modules/.bin", os.path.dirname(shutil.which("node") or "/bin/")]
        self.env = {"PATH": ":".join(path), "HOME": home, "LANG": "C.UTF-8", "USER": os.environ.get("USER", ""),
                    "SHELL": "/bin/bash", "TERM": "xterm", "TMPDIR": self.memory, "SIGMUND_SOURCE": source}

    @staticmethod
    def _late(_number, _frame):
        raise Late()

    # --- places -------------------------------------------------------------------------------------------

    def folder(self, name, disk=False):
        """Creates a folder with this name and returns it."""
        path = os.path.join(self.disk if disk else self.memory, name)
        os.makedirs(path)
        return path

    @staticmethod
    def lines(folder, size):
        """Writes a file of SIZE bytes in lines, and returns its path."""
        line = "0123456789" * 7 + "12345678\n"
        with open(folder + "/lines", "w", encoding="ascii") as file:
            file.write(line * (size // len(line)))
        return folder + "/lines"

    def store(self, disk=False):
        """Returns the environment for a new, empty store."""
        path = tempfile.mkdtemp(prefix="s.", dir=self.disk if disk else self.memory)
        self.stores.append(path)
        return dict(self.env, SIGMUND_STATE_DIR=path)

    def drop(self, env):
        """Ends the runs of a store and removes it."""
        path = env["SIGMUND_STATE_DIR"]
        self.run([self.sigmund, "kill", "-q", "@all"], env)
        shutil.rmtree(path, ignore_errors=True)
        self.stores.remove(path)

    def compiled(self, name, *flags, small=False):
        """Compiles bench/NAME.c and returns the program. With `small` it is linked with musl where that is installed,
        whose start costs less than that of glibc."""
        out = os.path.join(self.memory, "bin", name)
        if not os.path.exists(out):
            compiler = "musl-gcc" if small and shutil.which("musl-gcc") else "cc"
            subprocess.run([compiler, "-O2", *flags, "-o", out, os.path.join(self.source, "bench", name + ".c")], check=True)
        return out

    # --- processes ----------------------------------------------------------------------------------------

    def spawn(self, argv, env=None, out="/dev/null", cwd=None):
        """Starts a program in its own session. The caller must wait for it or end it."""
        if cwd:
            argv = ["env", "-C", cwd, *argv]
        actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                   (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                   (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]
        env = env or self.env
        program = argv[0] if "/" in argv[0] else shutil.which(argv[0], path=env["PATH"])
        if not program:
            raise FileNotFoundError(argv[0])
        pid = os.posix_spawn(program, argv, env, file_actions=actions, setsid=True)
        self.kept.add(pid)
        return pid

    def wait(self, pid, limit=LIMIT):
        signal.alarm(limit)
        try:
            _, status = os.waitpid(pid, 0)
        finally:
            signal.alarm(0)
        self.kept.discard(pid)
        return os.waitstatus_to_exitcode(status)

    def timed(self, argv, env=None, out="/dev/null", limit=LIMIT, ok=(0,)):
        """Returns how many seconds the command takes."""
        start = time.perf_counter()
        pid = self.spawn(argv, env, out)
        status = self.wait(pid, limit)
        took = time.perf_counter() - start
        if status not in ok:
            raise RuntimeError(f"{' '.join(argv)[:200]}: exit status {status}")
        return took

    def run(self, argv, env=None, limit=LIMIT):
        """Returns what a program prints, without the newline; its exit status is ignored."""
        done = subprocess.run(argv, env=env or self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=limit, check=False, start_new_session=True)
        return done.stdout.rstrip("\n")

    def start(self, env, *argv):
        """Starts a run and returns its id."""
        run_id = self.run([self.sigmund, "-q", *argv], env)
        if not run_id:
            raise RuntimeError("cannot start " + " ".join(argv))
        return run_id

    @staticmethod
    def record(env, run_id):
        with open(os.path.join(env["SIGMUND_STATE_DIR"], run_id + ".json"), encoding="utf-8") as file:
            return json.load(file)

    def settle(self, seconds=0.004):
        """Waits for the last command's remaining processes and reaps them, so that the next one is not charged."""
        time.sleep(seconds)
        self.patience -= quiet(min(0.5, self.patience))
        for pid in children(os.getpid()):
            if pid not in self.kept:
                try:
                    os.waitpid(pid, os.WNOHANG)
                except ChildProcessError:
                    pass

    def end(self, pid):
        """Ends a supervisor and its direct children, by their ids."""
        below = children(pid)
        for each in (pid, *below):
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if pid in self.kept:
            self.wait(pid)

    def clear(self):
        """Ends everything that a benchmark has left, such as supervisors and what they started."""
        give_up = time.monotonic() + 20
        while (left := children(os.getpid())) and time.monotonic() < give_up:
            for pid in left:
                os.kill(pid, signal.SIGKILL)  # it is not reaped yet, so its number cannot be reused
                os.waitpid(pid, 0)
                self.kept.discard(pid)

    def close(self):
        """Ends everything that is left and removes the scratch folders."""
        signal.alarm(0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for store in self.stores:
            try:
                self.run([self.sigmund, "kill", "-q", "@all"], dict(self.env, SIGMUND_STATE_DIR=store), 60)
            except (OSError, subprocess.SubprocessError):
                pass  # the processes it would have ended are descendants of this one
        self.clear()
        for place in (self.memory, self.disk):
            if place:
                shutil.rmtree(place, ignore_errors=True)
