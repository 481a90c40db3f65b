# SPDX-License-Identifier: Apache-2.0
"""The binary and the store of a scenario, and the assertions about what is in the store."""
import json
import os
import subprocess
import time

SIGMUND = os.environ["SIGMUND"]
STORE = os.environ["SIGMUND_STATE_DIR"]
# How many times slower than a fast machine this one is (see tests/bats/sigmund.bash).
SLOWNESS = int(os.environ.get("SIGMUND_SLOWNESS", "1"))


def sigmund(*words):
    return subprocess.run([SIGMUND, *words], capture_output=True, text=True, check=False, timeout=200 * SLOWNESS)


def runs(*words):
    return json.loads(sigmund("list", "--json", *words).stdout)["data"]


def live():
    return [run for run in runs() if run["state"] in ("running", "starting", "paused", "stopping")]


def alive(*ids):
    return {run["id"] for run in live()} >= set(ids)


def folders():
    """Returns the shells that have a folder of marks."""
    return [name for name in os.listdir(os.path.join(STORE, "shells")) if name[0] != "."]


def marks(shell):
    folder = os.path.join(STORE, "shells", shell)
    return os.listdir(folder) if os.path.isdir(folder) else []


def wait_for(what, test, seconds=100):
    """Waits for a condition. The seconds are a bound for a busy machine, and more on a slow one."""
    end = time.monotonic() + seconds * SLOWNESS
    while not test():
        if time.monotonic() > end:
            raise AssertionError("time ran out: " + what)
        time.sleep(0.02)


class Held:
    """A command that exits with 7 as soon as it is released, so that no prompt can report its end too early."""

    def __init__(self, folder):
        self.path = folder + "/released"
        self.command = "sh -c 'until test -e \"" + self.path + "\"; do sleep 0.05; done; exit 7'"

    def release(self):
        with open(self.path, "w", encoding="utf-8"):
            pass


def check(condition, *what):
    if not condition:
        raise AssertionError(what)
